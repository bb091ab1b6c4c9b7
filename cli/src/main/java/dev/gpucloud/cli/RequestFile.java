package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that takes what is asked for from a file; other options go before what it says. */
final class RequestFile {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "YAML or JSON with the fields of the API; options go before them.")
  private @Nullable Path file;

  /** The file's object, an empty one when none was given. */
  ObjectNode body(CliContext context) {
    return file == null ? Json.object() : read(context, file);
  }

  static ObjectNode read(CliContext context, Path file) {
    byte[] text = new WorkingFolder(context).read(file);
    JsonNode read;
    try {
      read = Json.parseYaml(text);
    } catch (IOException e) {
      throw unreadable(file, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    if (read instanceof ObjectNode body) {
      return body;
    }
    throw unreadable(file, "it holds no object");
  }

  private static CliException unreadable(Path file, String why) {
    return new CliException(ExitCode.USAGE, file + " is neither YAML nor JSON: " + why + ".");
  }
}
