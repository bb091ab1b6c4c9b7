package dev.gpucloud.inventory.acceptance.engine;

import dev.gpucloud.contracts.event.BurnInReport;
import dev.gpucloud.contracts.event.BurnInReport.MeasuredGpu;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Judges a burn-in: every GPU of the host must reach each limit, and so must NCCL over all. */
public final class BurnIn {
  private BurnIn() {}

  /** What must be reached; a host of one GPU has no NCCL to measure. */
  public record Limits(
      BigDecimal gemmTflops, BigDecimal memoryGbPerSecond, BigDecimal ncclBusGbPerSecond) {}

  /** Whether it passed; {@code shortfalls} says all that did not suffice. */
  public record Verdict(List<String> shortfalls) {
    public boolean passed() {
      return shortfalls.isEmpty();
    }

    /** One sentence. */
    public String reason() {
      return String.join("; ", shortfalls);
    }
  }

  /** Judges the figures of a host with so many GPUs. */
  public static Verdict judge(Limits limits, BurnInReport report, int gpus) {
    List<String> shortfalls = new ArrayList<>();
    if (report.failure() != null) {
      shortfalls.add("not finished: " + report.failure());
    }
    Set<Integer> measured = new HashSet<>();
    report.gpus().forEach(gpu -> measured.add(gpu.position()));
    for (int position = 0; position < gpus; position++) {
      if (!measured.contains(position)) {
        shortfalls.add("GPU %d was not measured".formatted(position));
      }
    }
    report.gpus().forEach(gpu -> gpu(limits, gpu, shortfalls));
    nccl(limits, report, gpus, shortfalls);
    return new Verdict(shortfalls);
  }

  private static void gpu(Limits limits, MeasuredGpu gpu, List<String> shortfalls) {
    below(
        "GPU %d: GEMM".formatted(gpu.position()),
        gpu.gemmTflops(),
        limits.gemmTflops(),
        "TFLOPS",
        shortfalls);
    below(
        "GPU %d: memory".formatted(gpu.position()),
        gpu.memoryGbPerSecond(),
        limits.memoryGbPerSecond(),
        "GB/s",
        shortfalls);
  }

  private static void nccl(Limits limits, BurnInReport report, int gpus, List<String> shortfalls) {
    BigDecimal bus = report.ncclBusGbPerSecond();
    if (gpus == 1) {
      return;
    }
    if (bus == null) {
      shortfalls.add("NCCL was not measured");
    } else {
      below("NCCL bus", bus, limits.ncclBusGbPerSecond(), "GB/s", shortfalls);
    }
  }

  private static void below(
      String what, BigDecimal is, BigDecimal least, String unit, List<String> shortfalls) {
    if (is.compareTo(least) < 0) {
      shortfalls.add(
          "%s %s of %s %s".formatted(what, is.toPlainString(), least.toPlainString(), unit));
    }
  }
}
