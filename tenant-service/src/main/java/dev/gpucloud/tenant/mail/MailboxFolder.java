package dev.gpucloud.tenant.mail;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.ext.mail.mailencoder.MailEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes mails to a folder, one .eml file each; the same mail again replaces its file. */
final class MailboxFolder implements MailPort {
  private final Path folder;
  private final String from;

  MailboxFolder(Path folder, String from) {
    this.folder = folder;
    this.from = from;
  }

  @Override
  public Uni<Void> send(Mail mail) {
    return Uni.createFrom()
        .<Void>item(
            () -> {
              write(mail);
              return null;
            })
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  private void write(Mail mail) {
    String text = new MailEncoder(Messages.of(mail, from), "localhost").encode();
    try {
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, ".", ".part");
      Files.writeString(part, text, StandardCharsets.UTF_8);
      Files.move(
          part,
          folder.resolve(mail.id() + ".eml"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
