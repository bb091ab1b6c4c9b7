package dev.gpucloud.tenant.mail;

import io.smallrye.mutiny.Uni;

/** Takes mails over. What it has taken over survives its own end. */
public interface MailPort {
  /**
   * Completes once the mail is taken over. Fails with {@link Refused} when this mail will never be,
   * with anything else when it may be later. A mail that is sent again after a failure keeps its
   * Message-ID.
   */
  Uni<Void> send(Mail mail);

  /** This mail, to this recipient, is not taken over. */
  final class Refused extends RuntimeException {
    /** With the words of who refused. */
    public Refused(String message) {
      super(message);
    }
  }
}
