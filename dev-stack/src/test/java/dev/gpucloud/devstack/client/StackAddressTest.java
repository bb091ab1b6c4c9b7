package dev.gpucloud.devstack.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackAddressTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-02T00:00:00Z, 2026-11-02T00:00:00Z, true",
    "2026-11-02T00:00:00.420Z, 2026-11-02T00:00:01.410Z, true",
    "2026-11-02T00:09:59Z, 2026-11-02T00:00:00Z, true",
    "2026-11-02T00:00:00Z, 2026-11-02T00:10:00Z, false",
    "unknown, unknown, true",
    "unknown, 2026-11-02T00:00:00Z, false",
  })
  void aProcessIsTheSameThoughTheClockDrifted(String one, String other, boolean same) {
    assertThat(StackAddress.isSameStart(one, other)).isEqualTo(same);
    assertThat(StackAddress.isSameStart(other, one)).isEqualTo(same);
  }
}
