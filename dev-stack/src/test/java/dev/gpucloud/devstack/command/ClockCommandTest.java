package dev.gpucloud.devstack.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.devstack.layout.StackProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClockCommandTest {
  private final ObjectNode move = new ObjectMapper().createObjectNode();

  @ParameterizedTest
  @CsvSource({"8h, PT8H", "2d, PT48H", "90m, PT1H30M", "PT30M, PT30M", "1h30m, PT1H30M"})
  void readsLengths(String typed, String length) {
    ClockCommand.aim(move, typed);

    assertThat(move.get("advanceBy").asText()).isEqualTo(length);
  }

  @Test
  void readsTimesWithTheirZone() {
    ClockCommand.aim(move, "2026-11-03T09:00:00+09:00");

    assertThat(move.get("advanceTo").asText()).isEqualTo("2026-11-03T00:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "8", "2026-11-03", "2026-11-03T09:00:00"})
  void refusesWhatIsNeither(String typed) {
    assertThatThrownBy(() -> ClockCommand.aim(move, typed))
        .isInstanceOfSatisfying(
            StackProblem.class, e -> assertThat(e.exitCode()).isEqualTo(StackProblem.USAGE))
        .hasMessageContaining(typed);
  }

  @Test
  void saysTheTimeInSeoul() throws Exception {
    String json =
        "{\"version\":3,\"mode\":\"FROZEN\",\"offsetMillis\":0,\"frozenAt\":\"2026-11-30T15:00:00Z\"}";

    assertThat(ClockCommand.describe(new ObjectMapper().readTree(json)))
        .isEqualTo("2026-12-01 00:00:00 Seoul time, frozen");
  }
}
