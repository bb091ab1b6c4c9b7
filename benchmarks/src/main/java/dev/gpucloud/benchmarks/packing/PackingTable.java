package dev.gpucloud.benchmarks.packing;

import dev.gpucloud.inventory.placement.engine.share.SharePolicyKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Means and spreads by policy in aligned columns, with the published ones where there are some. */
final class PackingTable {
  private final List<Integer> percents;
  private final @Nullable PublishedMeans published;

  PackingTable(List<Integer> percents, @Nullable PublishedMeans published) {
    this.percents = percents;
    this.published = published;
  }

  String render(Map<SharePolicyKind, List<PackingRun>> runs) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(header());
    runs.forEach((policy, results) -> cells.add(line(policy, results)));
    return align(cells);
  }

  private List<String> header() {
    List<String> cells = new ArrayList<>(List.of("policy"));
    for (int percent : percents) {
      cells.add("allocated % at " + percent + " %");
      if (published != null) {
        cells.add("published");
        cells.add("difference");
      }
    }
    cells.add("seconds a run");
    return cells;
  }

  private List<String> line(SharePolicyKind policy, List<PackingRun> runs) {
    List<String> cells = new ArrayList<>(List.of(policy.label()));
    for (int at = 0; at < percents.size(); at++) {
      int percent = percents.get(at);
      Spread spread =
          Spread.of(runs.stream().mapToDouble(run -> run.allocatedPct()[percent]).toArray());
      cells.add(spread.toString());
      if (published != null) {
        OptionalDouble mean = published.mean(policy.label(), at);
        cells.add(mean.isPresent() ? number("%.2f", mean.getAsDouble()) : "-");
        cells.add(mean.isPresent() ? number("%+.2f", spread.mean() - mean.getAsDouble()) : "-");
      }
    }
    cells.add(Spread.of(runs.stream().mapToDouble(PackingRun::seconds).toArray()).toString());
    return cells;
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String align(List<List<String>> cells) {
    int[] widths = new int[cells.getFirst().size()];
    for (List<String> line : cells) {
      for (int at = 0; at < widths.length; at++) {
        widths[at] = Math.max(widths[at], line.get(at).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : cells) {
      text.append(line.getFirst()).append(" ".repeat(widths[0] - line.getFirst().length()));
      for (int at = 1; at < widths.length; at++) {
        text.append("  ")
            .append(" ".repeat(widths[at] - line.get(at).length()))
            .append(line.get(at));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
