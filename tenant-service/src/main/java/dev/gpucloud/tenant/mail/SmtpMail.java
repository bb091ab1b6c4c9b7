package dev.gpucloud.tenant.mail;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailResult;
import io.vertx.ext.mail.SMTPException;
import io.vertx.ext.mail.StartTLSOptions;

/** Hands mails to an SMTP server, each on a connection of its own: none is kept to go stale. */
final class SmtpMail implements MailPort {
  private static final int FIRST_PERMANENT_REPLY = 550;

  private final MailSettings settings;
  private final Context context;
  private final MailClient client;

  SmtpMail(Vertx vertx, MailSettings settings) {
    this.settings = settings;
    this.context = vertx.getOrCreateContext();
    this.client = MailClient.create(vertx, config(settings));
  }

  private static MailConfig config(MailSettings settings) {
    int millis = (int) settings.timeout().toMillis();
    MailConfig config =
        new MailConfig(settings.smtpHost().orElseThrow(), settings.smtpPort())
            .setMaxPoolSize(settings.connections())
            .setKeepAlive(false)
            .setPipelining(false)
            .setUserAgent("gpucloud")
            .setLogin(settings.smtpUsername().isPresent() ? LoginOption.REQUIRED : LoginOption.NONE)
            .setSsl(settings.smtpTls() == MailSettings.Tls.TLS)
            .setStarttls(
                settings.smtpTls() == MailSettings.Tls.STARTTLS
                    ? StartTLSOptions.REQUIRED
                    : StartTLSOptions.DISABLED);
    config.setConnectTimeout(millis).setHostnameVerificationAlgorithm("HTTPS");
    settings.smtpUsername().ifPresent(config::setUsername);
    settings.smtpPassword().ifPresent(config::setPassword);
    return config;
  }

  @Override
  public Uni<Void> send(Mail mail) {
    return Uni.createFrom()
        .completionStage(() -> onContext(mail).toCompletionStage())
        .ifNoItem()
        .after(settings.timeout())
        .fail()
        .onFailure(SMTPException.class)
        .transform(SmtpMail::meaning)
        .replaceWithVoid();
  }

  /** A connection belongs to one event loop; who calls from elsewhere would race with it. */
  private Future<MailResult> onContext(Mail mail) {
    Promise<MailResult> done = Promise.promise();
    context.runOnContext(v -> client.sendMail(Messages.of(mail, settings.from())).onComplete(done));
    return done.future();
  }

  /** 550 to 559 are about the recipient or the mail; the server's own troubles pass. */
  private static Throwable meaning(SMTPException failure) {
    String said = failure.getReplyCode() + " " + failure.getReplyMessage();
    return failure.isPermanent() && failure.getReplyCode() >= FIRST_PERMANENT_REPLY
        ? new MailPort.Refused(said)
        : new IllegalStateException("the SMTP server answered " + said, failure);
  }

  void close() {
    client.close();
  }
}
