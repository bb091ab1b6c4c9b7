package dev.gpucloud.devstack.clock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.devstack.layout.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Where the business clock is kept while the stack is down, with the latest business time that
 * anybody may have seen.
 */
public final class ClockFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  public ClockFile(Path file) {
    this.file = file;
  }

  record Kept(ClockReading reading, Instant highWater) {}

  Optional<Kept> load() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode json = JSON.readTree(file.toFile());
    ClockReading reading =
        new ClockReading(
            json.required("version").asLong(),
            ClockReading.Mode.valueOf(json.required("mode").asText()),
            json.required("offsetMillis").asLong(),
            json.hasNonNull("frozenAt") ? Instant.parse(json.get("frozenAt").asText()) : null);
    return Optional.of(new Kept(reading, Instant.parse(json.required("highWater").asText())));
  }

  void save(Kept kept) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", kept.reading().version());
    json.put("mode", kept.reading().mode().name());
    json.put("offsetMillis", kept.reading().offsetMillis());
    Instant frozenAt = kept.reading().frozenAt();
    if (frozenAt != null) {
      json.put("frozenAt", frozenAt.toString());
    }
    json.put("highWater", kept.highWater().toString());
    PrivateFiles.write(file, json.toString());
  }
}
