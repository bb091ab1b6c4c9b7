package dev.gpucloud.contracts.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {
  @ParameterizedTest
  @CsvSource({
    "list, list, 0",
    "lst, list, 1",
    "list, lst, 1",
    "lsit, list, 2",
    "'', list, 4",
    "crate, create, 1",
    "stop, start, 3"
  })
  void countsLetters(String one, String other, int letters) {
    assertThat(EditDistance.between(one, other)).isEqualTo(letters);
  }
}
