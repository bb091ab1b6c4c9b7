package dev.gpucloud.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import picocli.CommandLine;

/** Files whose content an instance is given. */
final class SetupFiles {
  private static final long MOST_BYTES = 49_152;

  private SetupFiles() {}

  /** The public keys of a file, one per line; a private key never leaves the machine. */
  static List<String> keys(CommandLine command, Path file) {
    String text = new String(read(command, file), java.nio.charset.StandardCharsets.UTF_8);
    if (text.contains("PRIVATE KEY")) {
      throw new CommandLine.ParameterException(
          command, file + " is a private key; give the public one, " + file + ".pub");
    }
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  /** A file as base64. */
  static String base64(CommandLine command, Path file) {
    return Base64.getEncoder().encodeToString(read(command, file));
  }

  private static byte[] read(CommandLine command, Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new CommandLine.ParameterException(
            command, file + " is larger than " + MOST_BYTES + " bytes.");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CommandLine.ParameterException(
          command, "cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
