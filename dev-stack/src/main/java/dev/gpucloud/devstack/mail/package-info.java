/** Takes the mails of programs that can only speak SMTP, into the stack's mailbox. */
@NullMarked
package dev.gpucloud.devstack.mail;

import org.jspecify.annotations.NullMarked;
