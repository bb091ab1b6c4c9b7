package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The logins of this user by profile, in one file that only its owner may read. Replaced as a
 * whole, so that a killed command leaves the old file or the new one.
 */
final class TokenStore {
  private final Path file;

  private TokenStore(Path file) {
    this.file = file;
  }

  static TokenStore of(CliContext context) {
    String explicit = context.env("GPUCLOUD_CONFIG", "");
    if (!explicit.isEmpty()) {
      return new TokenStore(Path.of(explicit).resolve("logins.json"));
    }
    String home = context.env("HOME", System.getProperty("user.home"));
    String base = context.env("XDG_CONFIG_HOME", home + "/.config");
    return new TokenStore(Path.of(base).resolve("gpucloud").resolve("logins.json"));
  }

  Path file() {
    return file;
  }

  Optional<Login> find(String profile) {
    JsonNode node = readAll().path(profile);
    return node.isObject() ? Optional.of(Login.of(node)) : Optional.empty();
  }

  /** All logins by their profile. */
  SortedMap<String, Login> all() {
    SortedMap<String, Login> all = new TreeMap<>();
    readAll().properties().forEach(one -> all.put(one.getKey(), Login.of(one.getValue())));
    return all;
  }

  void save(String profile, Login login) {
    ObjectNode all = readAll();
    all.set(profile, login.toJson());
    writeAll(all);
  }

  boolean remove(String profile) {
    ObjectNode all = readAll();
    boolean known = all.remove(profile) != null;
    if (known) {
      writeAll(all);
    }
    return known;
  }

  private ObjectNode readAll() {
    if (!Files.exists(file)) {
      return Json.object();
    }
    try {
      JsonNode node = Json.MAPPER.readTree(file.toFile());
      return node instanceof ObjectNode object ? object : Json.object();
    } catch (IOException e) {
      throw new CliException(
          ExitCode.USAGE,
          "Cannot read the logins in " + file + ".",
          "what to do: remove the file and log in again");
    }
  }

  private void writeAll(ObjectNode all) {
    try {
      Files.createDirectories(file.getParent());
      Path fresh = Files.createTempFile(file.getParent(), "logins", ".tmp", ownerOnly());
      Files.writeString(fresh, Json.pretty(all));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new CliException(ExitCode.USAGE, "Cannot write " + file + ": " + e.getMessage());
    }
  }

  private FileAttribute<?>[] ownerOnly() {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** One login: whom the tokens belong to and where they are good. */
  record Login(
      String server,
      String issuer,
      String username,
      String accessToken,
      Instant expiresAt,
      String refreshToken) {

    static Login of(JsonNode node) {
      return new Login(
          node.path("server").asText(),
          node.path("issuer").asText(),
          node.path("username").asText(),
          node.path("accessToken").asText(),
          Instant.ofEpochSecond(node.path("expiresAt").asLong()),
          node.path("refreshToken").asText());
    }

    ObjectNode toJson() {
      return Json.object()
          .put("server", server)
          .put("issuer", issuer)
          .put("username", username)
          .put("accessToken", accessToken)
          .put("expiresAt", expiresAt.getEpochSecond())
          .put("refreshToken", refreshToken);
    }

    Login with(OidcClient.Tokens tokens) {
      return new Login(
          server,
          issuer,
          username,
          tokens.accessToken(),
          tokens.expiresAt(),
          tokens.refreshToken().isEmpty() ? refreshToken : tokens.refreshToken());
    }
  }
}
