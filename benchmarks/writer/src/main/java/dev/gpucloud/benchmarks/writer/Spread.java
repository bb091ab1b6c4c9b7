package dev.gpucloud.benchmarks.writer;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Median and range of one figure over several runs. */
record Spread(double median, double min, double max) {
  static <R> Spread of(List<R> runs, ToDoubleFunction<R> figure) {
    double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
    return new Spread(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
  }
}
