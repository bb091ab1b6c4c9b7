package dev.gpucloud.tenant.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.BodyPart;
import jakarta.mail.Message;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every way of mails must do, as a mail reader sees it. */
abstract class MailPortConformance {
  static final Duration PATIENCE = Duration.ofSeconds(10);
  static final String FROM = "GPU 클라우드 <noreply@gpu.example>";

  abstract MailPort port();

  /** Mails that have arrived for a recipient, in the order of their arrival. */
  abstract List<MimeMessage> arrived(String recipient) throws Exception;

  static Mail mail(String id, String to) {
    return new Mail(
        id,
        to,
        "한빛 이용이 정지되었습니다 — a subject that is longer than one line of a header may be, so that"
            + " it is folded",
        "사유: 연체 <b>\n.\n..\nhttps://console.example/invitations#token=gci_"
            + "x".repeat(120)
            + "\n",
        "<p>사유: 연체 &lt;b&gt;</p>\n<p>=3D</p>\n");
  }

  @Test
  void bringsTextAndHtmlUnchanged() throws Exception {
    Mail mail = mail("dsp_1", "whole@example.com");

    port().send(mail).await().atMost(PATIENCE);

    MimeMessage message = only("whole@example.com");
    assertThat(message.getSubject()).isEqualTo(mail.subject());
    assertThat(message.getFrom()[0].toString()).contains("noreply@gpu.example");
    assertThat(message.getRecipients(Message.RecipientType.TO)[0]).hasToString("whole@example.com");
    assertThat(message.getSentDate()).isNotNull();
    MimeMultipart parts = (MimeMultipart) message.getContent();
    assertThat(parts.getContentType()).startsWith("multipart/alternative");
    assertThat(text(parts.getBodyPart(0), "text/plain")).isEqualTo(mail.text());
    assertThat(text(parts.getBodyPart(1), "text/html")).isEqualTo(mail.html());
  }

  private static String text(BodyPart part, String type) throws Exception {
    assertThat(part.getContentType()).startsWith(type);
    // the encoder may end the last line once more
    return ((String) part.getContent()).replace("\r\n", "\n").stripTrailing() + "\n";
  }

  @Test
  void keepsTheMessageIdOfAMailThatIsSentAgain() throws Exception {
    Mail mail = mail("dsp_again", "again@example.com");

    port().send(mail).await().atMost(PATIENCE);
    port().send(mail).await().atMost(PATIENCE);

    assertThat(arrived("again@example.com"))
        .isNotEmpty()
        .allSatisfy(
            message ->
                assertThat(message.getHeader("Message-ID"))
                    .containsExactly("<dsp_again@gpu.example>"));
    assertThat(only("again@example.com", 0).getHeader("Auto-Submitted"))
        .containsExactly("auto-generated");
  }

  @Test
  void takesNoHeaderFromASubject() throws Exception {
    Mail mail =
        new Mail(
            "dsp_header",
            "header@example.com",
            "Hello\r\nBcc: other@example.com",
            "text\n",
            "<p>text</p>\n");
    try {
      port().send(mail).await().atMost(PATIENCE);
    } catch (RuntimeException refused) {
      return;
    }
    MimeMessage message = only("header@example.com");
    assertThat(message.getHeader("Bcc")).isNull();
    assertThat(message.getRecipients(Message.RecipientType.BCC)).isNull();
    assertThat(arrived("other@example.com")).isEmpty();
  }

  private MimeMessage only(String recipient) throws Exception {
    assertThat(arrived(recipient)).hasSize(1);
    return only(recipient, 0);
  }

  private MimeMessage only(String recipient, int at) throws Exception {
    return arrived(recipient).get(at);
  }

  /** For those whose way can be cut. */
  static void assertFailsForNow(MailPort port) {
    assertThatThrownBy(() -> port.send(mail("dsp_x", "x@example.com")).await().atMost(PATIENCE))
        .isNotInstanceOf(MailPort.Refused.class);
  }
}
