package dev.gpucloud.billing.close.engine;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Every check of an account's month with how it stands; an invoice is issued only when clear. */
public record Checklist(List<Item> items) {
  public Checklist {
    items = List.copyOf(items);
  }

  /** A check with all that it found. */
  public record Item(Check code, CheckState state, List<Judged> findings) {
    public Item {
      findings = List.copyOf(findings);
    }
  }

  /** A finding and how it counts. */
  public record Judged(Finding finding, CheckState state) {}

  /** Judges what was found in the light of the confirmed waivers. */
  public static Checklist of(Collection<Finding> findings, Set<Finding.Key> waived) {
    List<Finding> shown = Findings.bounded(findings);
    return new Checklist(
        Arrays.stream(Check.values()).map(check -> item(check, shown, waived)).toList());
  }

  private static Item item(Check check, Collection<Finding> findings, Set<Finding.Key> waived) {
    List<Judged> found =
        findings.stream()
            .filter(f -> f.code() == check)
            .distinct()
            .map(f -> new Judged(f, state(f, waived)))
            .toList();
    CheckState worst = found.stream().map(Judged::state).max(Enum::compareTo).orElse(CheckState.OK);
    return new Item(check, worst, found);
  }

  private static CheckState state(Finding f, Set<Finding.Key> waived) {
    if (!f.code().blocks()) {
      return CheckState.WARNING;
    }
    return f.code().isWaivable() && waived.contains(f.key())
        ? CheckState.WAIVED
        : CheckState.BLOCKING;
  }

  /** What keeps the month from closing. */
  public List<Finding> blocking() {
    return items.stream()
        .flatMap(i -> i.findings().stream())
        .filter(j -> j.state() == CheckState.BLOCKING)
        .map(Judged::finding)
        .toList();
  }

  public boolean isClear() {
    return blocking().isEmpty();
  }
}
