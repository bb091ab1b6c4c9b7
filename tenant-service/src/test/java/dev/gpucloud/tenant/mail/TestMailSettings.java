package dev.gpucloud.tenant.mail;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of a test's SMTP server. */
record TestMailSettings(int smtpPort, Tls smtpTls, Optional<String> smtpUsername)
    implements MailSettings {
  @Override
  public Optional<String> smtpHost() {
    return Optional.of("127.0.0.1");
  }

  @Override
  public Optional<String> smtpPassword() {
    return smtpUsername.map(name -> "secret-of-" + name);
  }

  @Override
  public String from() {
    return MailPortConformance.FROM;
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(5);
  }

  @Override
  public int connections() {
    return 2;
  }

  @Override
  public Optional<Path> mailboxDir() {
    return Optional.empty();
  }
}
