package dev.gpucloud.tenant.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.vertx.core.Vertx;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real SMTP server in this process. */
class SmtpMailTest extends MailPortConformance {
  private static Vertx vertx;
  private GreenMail server;
  private SmtpMail port;

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopVertx() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @BeforeEach
  void startServer() {
    server = new GreenMail(ServerSetup.SMTP.dynamicPort());
    server.setUser("noreply@gpu.example", "mailer", "secret-of-mailer");
    server.start();
    port = port(MailSettings.Tls.NONE, Optional.empty());
  }

  @AfterEach
  void stopServer() {
    port.close();
    server.stop();
  }

  private SmtpMail port(MailSettings.Tls tls, Optional<String> username) {
    return new SmtpMail(vertx, new TestMailSettings(server.getSmtp().getPort(), tls, username));
  }

  @Override
  MailPort port() {
    return port;
  }

  @Override
  List<MimeMessage> arrived(String recipient) {
    return Arrays.stream(server.getReceivedMessages())
        .filter(message -> isTo(message, recipient))
        .toList();
  }

  private static boolean isTo(MimeMessage message, String recipient) {
    try {
      return Arrays.toString(message.getAllRecipients()).contains(recipient);
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void logsInWhenItIsToldTo() {
    SmtpMail known = port(MailSettings.Tls.NONE, Optional.of("mailer"));
    SmtpMail unknown = port(MailSettings.Tls.NONE, Optional.of("nobody"));
    try {
      known.send(mail("dsp_login", "login@example.com")).await().atMost(PATIENCE);
      assertFailsForNow(unknown);
    } finally {
      known.close();
      unknown.close();
    }
  }

  @Test
  void sendsNothingWhereStarttlsIsMissing() {
    SmtpMail strict = port(MailSettings.Tls.STARTTLS, Optional.empty());
    try {
      assertThatThrownBy(
              () -> strict.send(mail("dsp_tls", "tls@example.com")).await().atMost(PATIENCE))
          .isInstanceOf(Exception.class);
      assertThat(arrived("tls@example.com")).isEmpty();
    } finally {
      strict.close();
    }
  }

  @Test
  void failsForNowWhileTheServerIsAwayAndGoesOnAfter() throws Exception {
    int where = server.getSmtp().getPort();
    server.stop();
    assertFailsForNow(port);

    server = new GreenMail(new ServerSetup(where, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    port.send(mail("dsp_back", "back@example.com")).await().atMost(PATIENCE);

    assertThat(arrived("back@example.com")).hasSize(1);
  }
}
