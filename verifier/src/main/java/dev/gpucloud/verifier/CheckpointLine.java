package dev.gpucloud.verifier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** One line of a checkpoint file: how many entries there were, and the hash of the last. */
record CheckpointLine(long count, String hash, String at, String keyId, String signature) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> WORDS = List.of("hash", "at", "keyId", "signature");

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException for what is no checkpoint, saying what it is instead
   */
  static CheckpointLine of(String text, long number) {
    JsonNode line = json(text, number);
    if (line.has("entryHash") || line.has("format")) {
      throw new IllegalArgumentException(
          "line %d of the checkpoints is one of an export: the export comes first, then the"
                  .formatted(number)
              + " checkpoint file");
    }
    List<String> lacking = WORDS.stream().filter(word -> !line.path(word).isTextual()).toList();
    if (!line.path("count").isIntegralNumber() || !lacking.isEmpty()) {
      throw new IllegalArgumentException(
          "line %d of the checkpoints is no checkpoint, it lacks %s: give the file of"
                  .formatted(number, lacking.isEmpty() ? "count" : String.join(", ", lacking))
              + " GPUCLOUD_AUDIT_LOG_CHECKPOINT_FILE or what the webhook received");
    }
    return new CheckpointLine(
        line.path("count").asLong(),
        line.path("hash").asText(),
        line.path("at").asText(),
        line.path("keyId").asText(),
        line.path("signature").asText());
  }

  private static JsonNode json(String text, long number) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "line %d of the checkpoints is no JSON: %s".formatted(number, e.getOriginalMessage()), e);
    }
  }

  /** What is signed. */
  String signed() {
    return String.join("\n", "gpucloud-audit-checkpoint-1", Long.toString(count), hash, at, keyId);
  }
}
