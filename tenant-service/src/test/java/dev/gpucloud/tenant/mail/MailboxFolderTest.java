package dev.gpucloud.tenant.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.Mailbox;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailboxFolderTest extends MailPortConformance {
  @TempDir Path folder;

  @Override
  MailPort port() {
    return new MailboxFolder(folder.resolve("mailbox"), FROM);
  }

  @Override
  List<MimeMessage> arrived(String recipient) {
    return new Mailbox(folder.resolve("mailbox")).of(recipient);
  }

  @Test
  void leavesOneWholeFilePerMail() throws IOException {
    port().send(mail("dsp_a", "a@example.com")).await().atMost(PATIENCE);
    port().send(mail("dsp_a", "a@example.com")).await().atMost(PATIENCE);
    port().send(mail("dsp_b", "a@example.com")).await().atMost(PATIENCE);
    try (Stream<Path> files = Files.list(folder.resolve("mailbox"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("dsp_a.eml", "dsp_b.eml");
    }
  }

  @Test
  void failsForNowWhereItCannotWrite() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertFailsForNow(new MailboxFolder(file.resolve("mailbox"), FROM));
  }
}
