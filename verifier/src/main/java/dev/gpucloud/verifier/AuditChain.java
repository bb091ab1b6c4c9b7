package dev.gpucloud.verifier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Proves an exported audit log by its own words, signed checkpoints and a public key that was noted
 * before. Written from the format alone: it shares no code with the service that wrote the log.
 */
public final class AuditChain {
  private static final String START = "0".repeat(64);
  private static final String DROP = "audit.content.drop";
  private static final String DROP_SOURCE = "/tenant-service/audit";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> differences = new ArrayList<>();
  private final Map<String, Long> missing = new TreeMap<>();
  private final NavigableMap<Long, CheckpointLine> checkpoints = new TreeMap<>();
  private final Map<String, NavigableSet<Long>> ofOtherKeys = new TreeMap<>();
  private final LogKey key;
  private final OptionalLong through;
  private long last;
  private String lastHash = START;
  private long signedHere;

  /**
   * @param publicKey Ed25519 in X.509 form, base64
   * @param through the entry that the export was made to end at, as whoever made it noted; the
   *     checkpoints after it are not judged. Without it every checkpoint is.
   */
  public AuditChain(String publicKey, OptionalLong through) {
    this.through = through;
    this.key = LogKey.of(publicKey);
  }

  /**
   * Takes a line of the checkpoint file; one whose signature is not the key's is reported.
   *
   * @param number of the line, from 1
   */
  public void checkpoint(String text, long number) {
    CheckpointLine line = CheckpointLine.of(text, number);
    if (key.signed(line.signed(), line.signature())) {
      checkpoints.put(line.count(), line);
    } else if (line.keyId().equals(key.id())) {
      differences.add(
          "checkpoint %d: changed since the key %s signed it".formatted(line.count(), key.id()));
    } else {
      ofOtherKeys.computeIfAbsent(line.keyId(), id -> new TreeSet<>()).add(line.count());
    }
  }

  /** The first line of an export: behind which entry it begins. */
  public void begin(String line) {
    JsonNode head = parsed(line);
    if (!head.path("format").asText().equals("gpucloud-audit-export-1")) {
      throw new IllegalArgumentException(
          head.has("signature")
              ? "the export is a checkpoint file: the export comes first, then the checkpoint file"
              : "the export is none of the audit log: its first line has no format"
                  + " gpucloud-audit-export-1");
    }
    last = head.path("after").asLong();
    lastHash = head.path("afterHash").asText();
    if (last > 0 && !agrees(last, lastHash)) {
      differences.add(
          "entry " + last + ": the export begins behind it, and no checkpoint signs its hash");
    } else if (last == 0 && !lastHash.equals(START)) {
      differences.add("entry 1: the export begins with a hash that is not the start's");
    }
  }

  /** The next entry. */
  public void entry(String line) {
    JsonNode row = parsed(line);
    long sequence = row.path("sequence").asLong();
    String hash = row.path("hash").asText();
    if (sequence > last + 1) {
      differences.add("entry " + (last + 1) + ": removed, as all before " + sequence);
    } else if (sequence <= last) {
      differences.add("entry " + sequence + ": swapped, it stands after " + last);
    } else if (!hash.equals(linked(row, sequence))) {
      differences.add("entry " + sequence + ": changed, its hash does not follow");
    }
    said(row, sequence);
    CheckpointLine checkpoint = checkpoints.get(sequence);
    if (checkpoint != null) {
      signedHere++;
      if (!checkpoint.hash().equals(hash)) {
        differences.add(
            "entry "
                + sequence
                + ": a checkpoint signs another hash: the log was made"
                + " anew, or this is not the log of these checkpoints");
      }
    }
    last = sequence;
    lastHash = hash;
  }

  private String linked(JsonNode row, long sequence) {
    return sha256(
        String.join(
            "\n",
            "gpucloud-audit-1",
            Long.toString(sequence),
            row.path("category").asText(),
            lastHash,
            row.path("entryHash").asText()));
  }

  private void said(JsonNode row, long sequence) {
    if (row.path("entry").isNull() || row.path("entry").isMissingNode()) {
      missing.merge(row.path("category").asText(), sequence, Math::max);
      return;
    }
    String entry = row.path("entry").asText();
    if (!sha256(entry).equals(row.path("entryHash").asText())) {
      differences.add("entry " + sequence + ": changed, it is not what was hashed");
    }
    JsonNode told = parsed(entry);
    if (told.path("action").asText().equals(DROP)
        && told.path("source").asText().equals(DROP_SOURCE)) {
      long through = told.at("/after/through").asLong();
      missing.computeIfPresent(
          told.at("/after/category").asText(),
          (category, highest) -> highest <= through ? null : highest);
    }
  }

  /** Ends the walk: what differs, nothing when the log is whole up to its last checkpoint. */
  public List<String> end() {
    ofOtherKeys.forEach(
        (id, counts) ->
            differences.add(
                ("%d checkpoints, from %d to %d: signed with the key %s, and the key given is %s:"
                        + " give that key, or the checkpoints of the log whose key this is")
                    .formatted(counts.size(), counts.first(), counts.last(), id, key.id())));
    if (through.isPresent()) {
      endsAsNoted(through.getAsLong());
    } else if (checkpoints.higherKey(last) != null) {
      endsBeforeACheckpoint(checkpoints.higherEntry(last));
    }
    missing.forEach(
        (category, sequence) ->
            differences.add(
                "entry "
                    + sequence
                    + ": what it said is missing, and no entry tells that "
                    + category
                    + " was dropped so far"));
    return List.copyOf(differences);
  }

  private void endsAsNoted(long noted) {
    if (last < noted) {
      differences.add(
          "entry %d: the tail was cut, the export ends at %d and was to go through %d"
              .formatted(last + 1, last, noted));
    }
  }

  private void endsBeforeACheckpoint(Map.Entry<Long, CheckpointLine> next) {
    differences.add(
        ("entry %d: the export ends at %d, a checkpoint of %s signs %d: the tail was cut, or the"
                + " export is older than this checkpoint; export again, or say --through %d if you"
                + " noted that it ended there")
            .formatted(last + 1, last, next.getValue().at(), next.getKey(), last));
  }

  /** How many checkpoints stand after the entry that the export was made to end at. */
  public int checkpointsNotJudged() {
    return through.isPresent()
        ? checkpoints.tailMap(Math.max(last, through.getAsLong()), false).size()
        : 0;
  }

  /** The last entry seen. */
  public long last() {
    return last;
  }

  /** How many checkpoints met their entry. */
  public long checkpointsMet() {
    return signedHere;
  }

  private boolean agrees(long count, String hash) {
    CheckpointLine checkpoint = checkpoints.get(count);
    return checkpoint != null && checkpoint.hash().equals(hash);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a line is no JSON: " + e.getOriginalMessage(), e);
    }
  }
}
