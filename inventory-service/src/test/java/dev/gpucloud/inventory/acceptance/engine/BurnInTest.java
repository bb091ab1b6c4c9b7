package dev.gpucloud.inventory.acceptance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.BurnInReport;
import dev.gpucloud.contracts.event.BurnInReport.MeasuredGpu;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.acceptance.engine.BurnIn.Limits;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BurnInTest {
  private static final Limits LIMITS = new Limits(of("1500"), of("7000"), of("600"));

  private static BigDecimal of(String number) {
    return new BigDecimal(number);
  }

  private static MeasuredGpu gpu(int position, String tflops, String memory) {
    return new MeasuredGpu(position, "GPU-" + position, of(tflops), of(memory));
  }

  private static List<String> shortfalls(
      int gpus, @Nullable String nccl, @Nullable String failure, MeasuredGpu... measured) {
    BurnInReport report =
        new BurnInReport(
            "s",
            new HostId(new UUID(0, 1)),
            "S1",
            2,
            Instant.EPOCH,
            Instant.EPOCH,
            List.of(measured),
            nccl == null ? null : of(nccl),
            failure);
    return BurnIn.judge(LIMITS, report, gpus).shortfalls();
  }

  @Test
  void passesWhatReachesEveryLimit() {
    assertThat(shortfalls(2, "600", null, gpu(0, "1500", "7000"), gpu(1, "1712.5", "7251.25")))
        .isEmpty();
    assertThat(shortfalls(1, null, null, gpu(0, "1500", "7000"))).isEmpty();
  }

  @Test
  void namesEveryShortfall() {
    assertThat(shortfalls(3, "599.9", null, gpu(0, "1499.9", "7000"), gpu(1, "1500", "10")))
        .containsExactly(
            "GPU 2 was not measured",
            "GPU 0: GEMM 1499.9 of 1500 TFLOPS",
            "GPU 1: memory 10 of 7000 GB/s",
            "NCCL bus 599.9 of 600 GB/s");
  }

  @Test
  void doesNotPassWhatWasNotFinishedOrNotMeasured() {
    assertThat(shortfalls(2, null, "GPU_LOST", gpu(0, "1500", "7000"), gpu(1, "1500", "7000")))
        .containsExactly("not finished: GPU_LOST", "NCCL was not measured");
  }
}
