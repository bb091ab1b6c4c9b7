package dev.gpucloud.inventory.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.inventory.quota.engine.QuotaLimit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuCountTest {
  @ParameterizedTest
  @CsvSource({"0,0", "8,1", "12,1.5", "1,0.125", "32768,4096", "80,10"})
  void showsSlicesAsGpusWithAnExactFraction(long slices, String gpus) {
    assertThat(GpuCount.ofSlices(slices).toPlainString()).isEqualTo(gpus);
  }

  @ParameterizedTest
  @CsvSource({
    "false,,true,0",
    "false,,false,9223372036854775807",
    "true,,true,9223372036854775807",
    "true,4,true,32",
    "true,0,false,0"
  })
  void readsWhatALimitMeans(boolean published, Integer gpus, boolean needed, long slices) {
    assertThat(QuotaLimit.slices(published, gpus, needed)).isEqualTo(slices);
  }
}
