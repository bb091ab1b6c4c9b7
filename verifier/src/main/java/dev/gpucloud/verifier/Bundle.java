package dev.gpucloud.verifier;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One file with all that an invoice is recomputed from. Each line is {@code HASH NAME TEXT}, where
 * the hash is SHA-256 over the one before it, the name and the text, so that a line that is
 * changed, added, dropped or swapped breaks the chain there; the last line says that it is the end.
 * Whoever notes the last hash elsewhere is safe from a bundle that was made anew as a whole.
 */
public final class Bundle {
  /** The first line's text. */
  public static final String FORMAT = "gpucloud.bundle/v1";

  /** What comes before the first line's hash. */
  public static final String START = "0".repeat(64);

  /** What the lines of a bundle are of, in this order. */
  private static final List<String> NAMES = List.of("format", "invoice", "prices", "event", "end");

  private static final int HASH = 64;

  private final Map<String, List<String>> texts = new TreeMap<>();
  private final List<String> differences = new ArrayList<>();
  private String head = START;

  private Bundle() {}

  /** The hash of a line after the one with another hash, or after {@link #START}. */
  public static String link(String before, String name, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String linked = String.join(" ", before, name, text);
      return HexFormat.of().formatHex(digest.digest(linked.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a bundle; what is wrong with it is in its differences. */
  static Bundle read(String content) {
    var bundle = new Bundle();
    String[] lines = content.split("\n", -1);
    for (int i = 0; i + 1 < lines.length; i++) {
      bundle.line(i + 1, lines[i]);
    }
    bundle.end(lines);
    return bundle;
  }

  private void line(int number, String line) {
    String[] parts = line.split(" ", 3);
    if (parts.length < 3 || parts[0].length() != HASH || !NAMES.contains(parts[1])) {
      differences.add("line %d: is no line of a bundle".formatted(number));
      return;
    }
    if (!parts[0].equals(link(head, parts[1], parts[2]))) {
      differences.add(
          "line %d (%s): was changed, or the line before it".formatted(number, parts[1]));
    }
    texts.computeIfAbsent(parts[1], name -> new ArrayList<>()).add(parts[2]);
    head = parts[0];
  }

  private void end(String[] lines) {
    String last = lines.length < 2 ? "" : lines[lines.length - 2];
    if (!lines[lines.length - 1].isEmpty() || !last.startsWith(head + " end ")) {
      differences.add("line %d: the bundle breaks off".formatted(lines.length));
    }
    if (!texts.getOrDefault("format", List.of()).equals(List.of(FORMAT))) {
      differences.add("line 1: is not of " + FORMAT);
    }
  }

  List<String> differences() {
    return List.copyOf(differences);
  }

  /** The hash of the last line. */
  String head() {
    return head;
  }

  /** All lines of a name, together. */
  String text(String name) {
    return String.join("\n", texts.getOrDefault(name, List.of()));
  }
}
