package dev.gpucloud.tenant.mail;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The way that mails take in this installation. */
@ApplicationScoped
public class Mails {
  private static final Logger LOG = Logger.getLogger(Mails.class);

  private final @Nullable MailPort port;

  Mails(Vertx vertx, MailSettings settings) {
    this.port = port(vertx, settings);
  }

  private static @Nullable MailPort port(Vertx vertx, MailSettings settings) {
    if (settings.smtpHost().isPresent()) {
      return new SmtpMail(vertx, settings);
    }
    if (settings.mailboxDir().isPresent()) {
      LOG.infof("mails are written to %s", settings.mailboxDir().get());
      return new MailboxFolder(settings.mailboxDir().get(), settings.from());
    }
    LOG.warn("neither gpucloud.mail.smtp-host nor gpucloud.mail.mailbox-dir is set: mails wait");
    return null;
  }

  /** Whether there is a way at all. */
  public boolean isConfigured() {
    return port != null;
  }

  /** As {@link MailPort#send}. */
  public Uni<Void> send(Mail mail) {
    return port == null
        ? Uni.createFrom().failure(new IllegalStateException("no way for mails is configured"))
        : port.send(mail);
  }

  @PreDestroy
  void close() {
    if (port instanceof SmtpMail smtp) {
      smtp.close();
    }
  }
}
