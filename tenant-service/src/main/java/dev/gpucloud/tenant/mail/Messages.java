package dev.gpucloud.tenant.mail;

import io.vertx.ext.mail.MailMessage;

/**
 * Mails as the mail client has them: with a Message-ID of ours, so that the same stays the same.
 */
final class Messages {
  private Messages() {}

  static MailMessage of(Mail mail, String from) {
    String domain = from.substring(from.lastIndexOf('@') + 1).replace(">", "").strip();
    return new MailMessage()
        .setFrom(from)
        .setTo(mail.to())
        .setSubject(mail.subject())
        .setText(mail.text())
        .setHtml(mail.html())
        .addHeader("Message-ID", "<" + mail.id() + "@" + domain + ">")
        .addHeader("Auto-Submitted", "auto-generated");
  }
}
