package dev.gpucloud.devstack.mail;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One SMTP connection (RFC 5321, without extensions): its mails become files. */
final class MailSession {
  /** Every byte as one letter, so that what a mail is encoded in stays as it is. */
  private static final Charset LETTERS = StandardCharsets.ISO_8859_1;

  private static final int LONGEST_LINE = 4_096;
  private static final int LARGEST_MAIL = 1024 * 1024;

  private final InputStream in;
  private final OutputStream out;
  private final Path mailbox;
  private boolean hasSender;
  private boolean hasRecipient;

  MailSession(Socket client, Path mailbox) throws IOException {
    this.in = new BufferedInputStream(client.getInputStream());
    this.out = client.getOutputStream();
    this.mailbox = mailbox;
  }

  void run() throws IOException {
    reply("220 gpucloud mailbox");
    for (String line = line(); line != null; line = line()) {
      String command = line.toUpperCase(Locale.ROOT);
      if (command.startsWith("QUIT")) {
        reply("221 bye");
        return;
      }
      reply(answer(command));
    }
  }

  private String answer(String command) throws IOException {
    if (command.startsWith("EHLO") || command.startsWith("HELO")) {
      return forget("250 gpucloud mailbox");
    }
    if (command.startsWith("RSET") || command.startsWith("NOOP")) {
      return command.startsWith("RSET") ? forget("250 OK") : "250 OK";
    }
    if (command.startsWith("MAIL FROM:")) {
      hasSender = true;
      return "250 OK";
    }
    if (command.startsWith("RCPT TO:")) {
      hasRecipient = hasSender;
      return hasSender ? "250 OK" : "503 MAIL FROM comes first";
    }
    if (command.equals("DATA")) {
      return hasRecipient ? taken() : "503 RCPT TO comes first";
    }
    return "502 not known here";
  }

  private String forget(String reply) {
    hasSender = false;
    hasRecipient = false;
    return reply;
  }

  private String taken() throws IOException {
    reply("354 end with a dot alone");
    var mail = new ByteArrayOutputStream();
    for (String line = line(); !".".equals(line); line = line()) {
      if (line == null) {
        throw new IOException("the client went in the middle of a mail");
      }
      if (mail.size() < LARGEST_MAIL) {
        mail.write((line.startsWith(".") ? line.substring(1) : line).getBytes(LETTERS));
        mail.write("\r\n".getBytes(LETTERS));
      }
    }
    if (mail.size() >= LARGEST_MAIL) {
      return forget("552 too large");
    }
    store(mail.toByteArray());
    return forget("250 OK");
  }

  private void store(byte[] mail) throws IOException {
    Files.createDirectories(mailbox);
    Path part = Files.createTempFile(mailbox, ".", ".part");
    Files.write(part, mail);
    Files.move(
        part, mailbox.resolve("idp_" + UUID.randomUUID() + ".eml"), StandardCopyOption.ATOMIC_MOVE);
  }

  private void reply(String line) throws IOException {
    out.write((line + "\r\n").getBytes(LETTERS));
    out.flush();
  }

  /** The next line without its end; null at the end of the connection. */
  private @Nullable String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int letter = in.read(); letter != '\n'; letter = in.read()) {
      if (letter < 0) {
        return null;
      }
      if (letter != '\r') {
        line.write(letter);
      }
      if (line.size() > LONGEST_LINE) {
        throw new IOException("a line without an end");
      }
    }
    return line.toString(LETTERS);
  }
}
