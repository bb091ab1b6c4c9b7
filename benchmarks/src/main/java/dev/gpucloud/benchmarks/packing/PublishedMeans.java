package dev.gpucloud.benchmarks.packing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;

/** Published means of one trace by policy: allocated per cent at 100 and at the last arrival. */
record PublishedMeans(Map<String, double[]> byPolicy) {
  /** The rows of {@code trace}; the file has columns trace, policy and alloc_pct_at_X. */
  static PublishedMeans read(Path path, String trace, List<Integer> percents)
      throws BadInputException {
    List<String> columns = new ArrayList<>(List.of("trace", "policy"));
    percents.forEach(percent -> columns.add("alloc_pct_at_" + percent));
    CsvFile file = CsvFile.read(path, columns.toArray(String[]::new));
    Map<String, double[]> byPolicy = new LinkedHashMap<>();
    TreeSet<String> traces = new TreeSet<>();
    for (CsvFile.Row row : file.rows()) {
      traces.add(row.text("trace"));
      if (row.text("trace").equals(trace)) {
        double[] means = new double[percents.size()];
        for (int at = 0; at < means.length; at++) {
          means[at] = row.decimal("alloc_pct_at_" + percents.get(at));
        }
        byPolicy.put(row.text("policy"), means);
      }
    }
    if (byPolicy.isEmpty()) {
      throw BadInputException.in(
          path, "column trace: nothing on " + trace + ", only on " + String.join(", ", traces));
    }
    return new PublishedMeans(byPolicy);
  }

  OptionalDouble mean(String policy, int at) {
    double[] means = byPolicy.get(policy);
    return means == null ? OptionalDouble.empty() : OptionalDouble.of(means[at]);
  }
}
