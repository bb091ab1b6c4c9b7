package dev.gpucloud.devstack.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailServerTest {
  @TempDir Path mailbox;

  @Test
  void aMailBecomesAFileAsItWasSent() throws Exception {
    assertThat(
            said(
                "EHLO keycloak",
                "MAIL FROM:<noreply@gpucloud.example>",
                "RCPT TO:<park@hanbit.example>",
                "DATA",
                "Subject: 전자 우편 확인",
                "",
                "..a dot",
                ".",
                "QUIT"))
        .containsExactly("220", "250", "250", "250", "354", "250", "221");

    assertThat(mails()).containsExactly("Subject: 전자 우편 확인\r\n\r\n.a dot\r\n");
  }

  @Test
  void whatIsNotFinishedOrOutOfOrderIsNoMail() throws Exception {
    assertThat(said("EHLO a", "DATA", "RCPT TO:<a@b.example>", "VRFY a", "QUIT"))
        .containsExactly("220", "250", "503", "503", "502", "221");
    assertThat(said("HELO a", "MAIL FROM:<>", "RCPT TO:<a@b.example>", "DATA", "Subject: x"))
        .containsExactly("220", "250", "250", "250", "354");

    assertThat(mails()).isEmpty();
  }

  @Test
  void aMailThatIsTooLargeIsRefused() throws Exception {
    String line = "x".repeat(4_000);
    List<String> lines = Stream.generate(() -> line).limit(300).toList();

    assertThat(
            said(
                Stream.of(
                        Stream.of("HELO a", "MAIL FROM:<>", "RCPT TO:<a@b.example>", "DATA"),
                        lines.stream(),
                        Stream.of(".", "QUIT"))
                    .flatMap(part -> part)
                    .toArray(String[]::new)))
        .containsExactly("220", "250", "250", "250", "354", "552", "221");
    assertThat(mails()).isEmpty();
  }

  private List<String> said(String... lines) throws IOException {
    try (var server = new MailServer(0, mailbox);
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      var answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      return answers.lines().map(line -> line.substring(0, 3)).toList();
    }
  }

  private List<String> mails() throws IOException {
    try (Stream<Path> files = Files.list(mailbox)) {
      return files.map(MailServerTest::text).toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
