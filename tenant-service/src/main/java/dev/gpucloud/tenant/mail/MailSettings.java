package dev.gpucloud.tenant.mail;

import io.quarkus.runtime.annotations.ConfigDocSection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where mails go. Without a host and a folder they wait. */
@ConfigMapping(prefix = "gpucloud.mail")
public interface MailSettings {
  /** Name of the SMTP server. */
  @ConfigDocSection
  Optional<String> smtpHost();

  /** Port of the SMTP server: usually 587 with STARTTLS, 465 with TLS, 25 without. */
  @WithDefault("587")
  int smtpPort();

  /**
   * STARTTLS: the connection must become encrypted before anything is sent; TLS: it begins
   * encrypted; NONE: plain, for a server beside this one only.
   */
  @WithDefault("STARTTLS")
  Tls smtpTls();

  /** Name to log in with; without it there is no login. */
  Optional<String> smtpUsername();

  /** Password to log in with. Secret. */
  Optional<String> smtpPassword();

  /** Address that mails are from; a name may stand before it, then it is in angle brackets. */
  @WithDefault("GPU cloud <noreply@localhost.localdomain>")
  String from();

  /** How long a connection, and a mail on it, may take. */
  @WithDefault("PT30S")
  Duration timeout();

  /** Most connections to the SMTP server at a time. */
  @WithDefault("4")
  int connections();

  /**
   * Folder that mails are written to, one .eml file each, where there is no SMTP server; for
   * development.
   */
  Optional<Path> mailboxDir();

  /** How the connection to the SMTP server is encrypted. */
  enum Tls {
    NONE,
    STARTTLS,
    TLS
  }
}
