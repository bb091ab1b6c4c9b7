/** E-mail: one port, with SMTP behind it or a folder of files. */
@NullMarked
package dev.gpucloud.tenant.mail;

import org.jspecify.annotations.NullMarked;
