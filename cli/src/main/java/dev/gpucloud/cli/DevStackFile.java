package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the dev stack on this machine says about itself in {@code .gpucloud/credentials.json}:
 * addresses and the generated passwords of its users.
 */
public record DevStackFile(Path path, JsonNode content) {

  /** The file of the dev stack that the working folder belongs to, if there is one. */
  public static Optional<DevStackFile> find(CliContext context) {
    String home = context.env("GPUCLOUD_HOME", "");
    if (!home.isEmpty()) {
      return in(Path.of(home));
    }
    for (Path at = context.workingFolder(); at != null; at = at.getParent()) {
      Optional<DevStackFile> found = read(at.resolve(".gpucloud").resolve("credentials.json"));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** The file of the dev stack whose data folder this is, if it has one. */
  public static Optional<DevStackFile> in(Path home) {
    return read(home.resolve("credentials.json"));
  }

  private static Optional<DevStackFile> read(Path path) {
    if (!Files.isReadable(path)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new DevStackFile(path, Json.MAPPER.readTree(path.toFile())));
    } catch (IOException e) {
      throw new CliException(
          ExitCode.USAGE,
          "Cannot read " + path + ": it is not valid JSON.",
          "what to do: ./gpucloud up writes it anew");
    }
  }

  /** An address by its name ({@code gateway}, {@code issuer}, ...). */
  public Optional<String> url(String name) {
    JsonNode url = content.path("urls").path(name);
    return url.isTextual() ? Optional.of(url.asText()) : Optional.empty();
  }

  /** The generated password of a user of the dev realm. */
  public Optional<String> passwordOf(String username) {
    for (JsonNode user : content.path("users")) {
      if (username.equals(user.path("username").asText())) {
        return Optional.of(user.path("password").asText());
      }
    }
    return Optional.empty();
  }
}
