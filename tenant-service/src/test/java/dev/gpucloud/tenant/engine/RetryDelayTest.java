package dev.gpucloud.tenant.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryDelayTest {
  private final RetryDelay delay = new RetryDelay(Duration.ofSeconds(1), Duration.ofMinutes(5));

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "2, 2", "3, 4", "9, 256", "10, 300", "1000, 300"})
  void doublesUpToTheLimit(int failures, long seconds) {
    assertThat(delay.after(failures)).isEqualTo(Duration.ofSeconds(seconds));
  }
}
