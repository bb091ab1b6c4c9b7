package dev.gpucloud.inventory.acceptance;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;

/** What a burn-in must reach when its GPU model has no limits of its own. */
@ConfigMapping(prefix = "gpucloud.acceptance")
public interface AcceptanceConfig {
  /** Least dense BF16 GEMM rate of each GPU, in TFLOPS. */
  @WithDefault("100")
  BigDecimal minGemmTflops();

  /** Least memory bandwidth of each GPU, in GB/s. */
  @WithDefault("1000")
  BigDecimal minMemoryGbPerSecond();

  /** Least NCCL all-reduce bus bandwidth over the GPUs of a host, in GB/s. */
  @WithDefault("10")
  BigDecimal minNcclBusGbPerSecond();
}
