package dev.gpucloud.verifier;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * {@code VerifyAudit EXPORT.jsonl CHECKPOINTS.jsonl PUBLIC_KEY [THROUGH]}: exits 0 when the export
 * is the log that the checkpoints sign, 1 with a line per difference, 2 when it cannot be checked.
 * The public key is the base64 text or a file that has it. THROUGH is the number of the last entry
 * that was exported; checkpoints after it are not judged.
 */
public final class VerifyAudit {
  private static final int WHOLE = 0;
  private static final int DIFFERENT = 1;
  private static final int UNREADABLE = 2;

  private VerifyAudit() {}

  public static void main(String[] args) {
    var out =
        new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.exit(run(args, out));
  }

  /** Does what {@code main} does and answers its exit status. */
  public static int run(String[] args, PrintWriter out) {
    if (args.length != 3 && args.length != 4) {
      out.println("usage: VerifyAudit EXPORT.jsonl CHECKPOINTS.jsonl PUBLIC_KEY [THROUGH]");
      return UNREADABLE;
    }
    try {
      var chain = new AuditChain(key(args[2]), through(args));
      checkpoints(chain, Path.of(args[1]));
      walk(chain, Path.of(args[0]));
      List<String> differences = chain.end();
      if (differences.isEmpty() && chain.checkpointsMet() == 0) {
        differences =
            List.of(
                "no checkpoint signs an entry of the export, which ends at entry %d: nothing is proved"
                    .formatted(chain.last()));
      }
      differences.forEach(out::println);
      if (chain.checkpointsNotJudged() > 0) {
        out.println(
            "not judged: %d checkpoints after entry %s"
                .formatted(chain.checkpointsNotJudged(), args[3]));
      }
      out.println(
          differences.isEmpty()
              ? "whole: %d entries, %d checkpoints met"
                  .formatted(chain.last(), chain.checkpointsMet())
              : "not whole: " + differences.size() + " differences");
      return differences.isEmpty() ? WHOLE : DIFFERENT;
    } catch (NoSuchFileException e) {
      out.println("cannot check: there is no file " + e.getFile());
      return UNREADABLE;
    } catch (IOException | IllegalArgumentException e) {
      out.println("cannot check: " + e.getMessage());
      return UNREADABLE;
    }
  }

  private static void checkpoints(AuditChain chain, Path file) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          chain.checkpoint(line, number);
        }
      }
    }
  }

  private static void walk(AuditChain chain, Path export) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(export)) {
      String first = lines.readLine();
      if (first == null) {
        throw new IllegalArgumentException("the export is empty");
      }
      chain.begin(first);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        chain.entry(line);
      }
    }
  }

  private static OptionalLong through(String[] args) {
    if (args.length == 3) {
      return OptionalLong.empty();
    }
    if (!args[3].matches("[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException("the last entry is a number from 1, not " + args[3]);
    }
    return OptionalLong.of(Long.parseLong(args[3]));
  }

  private static String key(String text) throws IOException {
    return text.length() < 200 && text.matches("[A-Za-z0-9+/=]{40,}")
        ? text
        : Files.readString(Path.of(text));
  }
}
