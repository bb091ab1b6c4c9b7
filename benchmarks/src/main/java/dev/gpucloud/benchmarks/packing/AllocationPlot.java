package dev.gpucloud.benchmarks.packing;

import dev.gpucloud.inventory.placement.engine.share.SharePolicyKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Allocation against arrivals as an SVG: one line per policy, its mean over the seeds, named at its
 * end. It starts where policies begin to differ.
 */
final class AllocationPlot {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 440;
  private static final int LEFT = 60;
  private static final int RIGHT = 170;
  private static final int TOP = 48;
  private static final int BOTTOM = 52;
  private static final int FROM_PCT = 80;
  private static final double NAME_GAP = 15;

  /** Told apart by people who do not see red and green alike (Okabe and Ito). */
  private static final Map<SharePolicyKind, String> COLOURS =
      Map.of(
          SharePolicyKind.RANDOM, "#999999",
          SharePolicyKind.DOT_PRODUCT, "#56B4E9",
          SharePolicyKind.GPU_CLUSTERING, "#CC79A7",
          SharePolicyKind.GPU_PACKING, "#E69F00",
          SharePolicyKind.BEST_FIT, "#009E73",
          SharePolicyKind.FGD, "#0072B2",
          SharePolicyKind.REACH, "#D55E00");

  private final String title;
  private final int arrivalsPct;
  private final Map<SharePolicyKind, double[]> means = new LinkedHashMap<>();
  private final double low;
  private final double high;

  AllocationPlot(String title, int arrivalsPct, Map<SharePolicyKind, List<PackingRun>> runs) {
    this.title = title;
    this.arrivalsPct = arrivalsPct;
    runs.forEach((policy, results) -> means.put(policy, mean(results)));
    this.low =
        Math.floor(means.values().stream().mapToDouble(line -> line[FROM_PCT]).min().orElse(0));
    this.high =
        Math.ceil(means.values().stream().mapToDouble(line -> line[arrivalsPct]).max().orElse(1));
  }

  private double[] mean(List<PackingRun> runs) {
    double[] mean = new double[arrivalsPct + 1];
    for (PackingRun run : runs) {
      for (int at = 0; at <= arrivalsPct; at++) {
        mean[at] += run.allocatedPct()[at] / runs.size();
      }
    }
    return mean;
  }

  String render() {
    StringBuilder svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"12\" role=\"img\">",
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT);
    line(svg, "<title>%s</title>", escaped(title));
    line(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
    line(svg, "<text x=\"%d\" y=\"26\" font-size=\"15\">%s</text>", LEFT, escaped(title));
    axes(svg);
    means.forEach((policy, values) -> curve(svg, policy, values));
    names(svg);
    return svg.append("</svg>\n").toString();
  }

  private void axes(StringBuilder svg) {
    double step = step();
    for (double value = Math.ceil(low / step) * step; value <= high + 1e-9; value += step) {
      gridLine(svg, LEFT, y(value), WIDTH - RIGHT, y(value));
      label(svg, LEFT - 8, y(value) + 4, "end", String.format(Locale.ROOT, "%.0f", value));
    }
    for (int pct = FROM_PCT;
        pct <= arrivalsPct;
        pct += Math.max(10, (arrivalsPct - 30) / 10 / 10 * 10)) {
      gridLine(svg, x(pct), TOP, x(pct), HEIGHT - BOTTOM);
      label(svg, x(pct), HEIGHT - BOTTOM + 18, "middle", String.valueOf(pct));
    }
    label(
        svg,
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 12,
        "middle",
        "GPUs asked for so far, % of the fleet");
    line(
        svg,
        "<text transform=\"translate(16 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>",
        (TOP + HEIGHT - BOTTOM) / 2.0,
        "GPUs allocated, % of the fleet");
  }

  private double step() {
    double range = Math.max(1, high - low);
    return range <= 10 ? 1 : range <= 24 ? 2 : range <= 50 ? 5 : 10;
  }

  private void curve(StringBuilder svg, SharePolicyKind policy, double[] values) {
    StringBuilder points = new StringBuilder();
    for (int pct = FROM_PCT; pct <= arrivalsPct; pct++) {
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(pct), y(values[pct])));
    }
    line(
        svg,
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/>",
        points.toString().strip(),
        COLOURS.get(policy),
        policy == SharePolicyKind.DEFAULT ? "3" : "1.6");
  }

  /** Names at the ends of their lines, moved down where they would cover each other. */
  private void names(StringBuilder svg) {
    List<Map.Entry<SharePolicyKind, double[]>> order = new ArrayList<>(means.entrySet());
    order.sort(Comparator.comparingDouble(entry -> -entry.getValue()[arrivalsPct]));
    double above = Double.NEGATIVE_INFINITY;
    for (Map.Entry<SharePolicyKind, double[]> entry : order) {
      double value = entry.getValue()[arrivalsPct];
      double at = Math.max(y(value) + 4, above + NAME_GAP);
      above = at;
      line(
          svg,
          "<text x=\"%d\" y=\"%.1f\" fill=\"%s\">%s %.2f</text>",
          WIDTH - RIGHT + 8,
          at,
          COLOURS.get(entry.getKey()),
          entry.getKey().label(),
          value);
    }
  }

  private double x(int pct) {
    double range = Math.max(1, arrivalsPct - FROM_PCT);
    return LEFT + (pct - FROM_PCT) / range * (WIDTH - RIGHT - LEFT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (value - low) / Math.max(1, high - low) * (HEIGHT - BOTTOM - TOP);
  }

  private static void gridLine(StringBuilder svg, double x1, double y1, double x2, double y2) {
    line(
        svg,
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#e4e4e4\"/>",
        x1,
        y1,
        x2,
        y2);
  }

  private static void label(StringBuilder svg, double x, double y, String anchor, String text) {
    line(
        svg,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#444444\">%s</text>",
        x,
        y,
        anchor,
        escaped(text));
  }

  private static void line(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
