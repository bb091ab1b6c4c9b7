package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.HostId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a burn-in measured on a host: dense BF16 GEMM and memory bandwidth per GPU, NCCL all-reduce
 * bus bandwidth over all of them. {@code failure} says why it could not be finished. Whether the
 * figures suffice is the reader's judgement.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BurnInReport(
    String site,
    HostId hostId,
    String serial,
    long orderSequence,
    Instant startedAt,
    Instant finishedAt,
    List<MeasuredGpu> gpus,
    @Nullable BigDecimal ncclBusGbPerSecond,
    @Nullable String failure) {
  /** The figures of one GPU. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record MeasuredGpu(
      int position, String uuid, BigDecimal gemmTflops, BigDecimal memoryGbPerSecond) {}
}
