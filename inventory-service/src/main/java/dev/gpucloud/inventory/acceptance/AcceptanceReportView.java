package dev.gpucloud.inventory.acceptance;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the host of an instance came into service, and what was measured on the instance's GPUs. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AcceptanceReportView(
    String acceptedBy,
    Instant acceptedAt,
    String model,
    @Nullable Figures burnIn,
    @Nullable String note) {

  /** What a burn-in measured and what it had to reach; bandwidths in GB/s, GEMM dense BF16. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Figures(
      Instant startedAt,
      Instant finishedAt,
      List<Measured> gpus,
      @Nullable BigDecimal ncclBusGbPerSecond,
      BigDecimal minGemmTflops,
      BigDecimal minMemoryGbPerSecond,
      BigDecimal minNcclBusGbPerSecond) {}

  /** The figures of one GPU. */
  public record Measured(String uuid, BigDecimal gemmTflops, BigDecimal memoryGbPerSecond) {}

  static AcceptanceReportView of(
      String acceptedBy, Instant acceptedAt, String model, @Nullable Figures figures) {
    return new AcceptanceReportView(
        acceptedBy,
        acceptedAt,
        model,
        figures,
        figures == null
            ? "The host was accepted before it was imported; no burn-in is kept."
            : null);
  }
}
