package dev.gpucloud.tenant.audit.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks the chain in order and says what does not hold. Rows come one by one, so a log of any
 * length is checked in constant memory, but for what was dropped: one number for each category.
 */
public final class ChainCheck {
  private static final int MOST_FINDINGS = 100;

  /** What is wrong with a row. */
  public enum Kind {
    CHANGED,
    REMOVED,
    SWAPPED,
    TAIL_CUT,
    CONTENT_MISSING,
    CHECKPOINT_DIFFERS
  }

  /** One thing that does not hold. */
  public record Finding(Kind kind, long sequence, String detail) {}

  /**
   * A row as it is stored.
   *
   * @param canonical what the entry says; null when it was dropped
   */
  public record Row(
      long sequence, String category, String entryHash, String hash, @Nullable String canonical) {}

  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Long> missing = new HashMap<>();
  private ChainLink last;
  private long rows;

  /** Begins behind a link that is proved otherwise. */
  public ChainCheck(ChainLink start) {
    this.last = start;
  }

  /** The next row. */
  public void accept(Row row) {
    rows++;
    if (row.sequence() > last.sequence() + 1) {
      find(Kind.REMOVED, last.sequence() + 1, "entries are missing before " + row.sequence());
    } else if (row.sequence() <= last.sequence()) {
      find(Kind.SWAPPED, row.sequence(), "stands after " + last.sequence());
    } else {
      link(row);
    }
    content(row);
    last = new ChainLink(row.sequence(), row.hash());
  }

  private void link(Row row) {
    ChainLink expected = last.next(row.category(), row.entryHash());
    if (!expected.hash().equals(row.hash())) {
      find(Kind.CHANGED, row.sequence(), "its hash does not follow from the entry before it");
    }
  }

  private void content(Row row) {
    String canonical = row.canonical();
    if (canonical == null) {
      missing.merge(row.category(), row.sequence(), Math::max);
    } else if (!ChainLink.entryHash(canonical).equals(row.entryHash())) {
      find(Kind.CHANGED, row.sequence(), "what it says is not what was hashed");
    }
  }

  /** An entry tells that what a category said was dropped up to a sequence. */
  public void dropped(String category, long through) {
    missing.computeIfPresent(category, (name, highest) -> highest <= through ? null : highest);
  }

  /** A signed checkpoint, met when its count is the last row's sequence. */
  public void checkpoint(long count, String hash) {
    if (count == last.sequence() && !hash.equals(last.hash())) {
      find(Kind.CHECKPOINT_DIFFERS, count, "the checkpoint signs another hash");
    }
  }

  /** Ends the walk; the highest count that any checkpoint signs shows a cut tail. */
  public List<Finding> end(long highestCheckpoint) {
    if (highestCheckpoint > last.sequence()) {
      find(
          Kind.TAIL_CUT,
          last.sequence() + 1,
          "a checkpoint signs " + highestCheckpoint + " entries");
    }
    missing.forEach(
        (category, highest) ->
            find(
                Kind.CONTENT_MISSING,
                highest,
                "no entry tells that " + category + " was dropped so far"));
    return List.copyOf(findings);
  }

  /** How many rows were seen. */
  public long rows() {
    return rows;
  }

  /** The last row. */
  public ChainLink last() {
    return last;
  }

  private void find(Kind kind, long sequence, String detail) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(new Finding(kind, sequence, detail));
    }
  }
}
