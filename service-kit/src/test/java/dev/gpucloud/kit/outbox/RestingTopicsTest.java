package dev.gpucloud.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestingTopicsTest {
  private final RestingTopics resting = new RestingTopics();

  @Test
  void aTopicRestsForTwoSecondsAfterItsFirstRefusal() {
    Duration rest = resting.refused("a", 0, true);

    assertThat(rest).isEqualTo(Duration.ofSeconds(2));
    assertThat(resting.at(seconds(1))).containsExactly("a");
    assertThat(resting.at(seconds(2))).isEmpty();
    assertThat(resting.size()).isEqualTo(1);
  }

  @Test
  void theRestDoublesToAMinuteWhileOtherTopicsAreTaken() {
    Duration last = Duration.ZERO;
    for (int i = 0; i < 10; i++) {
      last = resting.refused("a", 0, true);
    }

    assertThat(last).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void theRestStaysShortWhileTheBrokerTakesNothing() {
    resting.refused("a", 0, true);
    resting.refused("a", 0, true);

    assertThat(resting.refused("a", 0, false)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aTopicThatTookAnEventIsForgotten() {
    resting.refused("a", 0, true);
    resting.accepted("a");

    assertThat(resting.at(0)).isEmpty();
    assertThat(resting.size()).isZero();
    assertThat(resting.refused("a", 0, true)).isEqualTo(Duration.ofSeconds(2));
  }

  private static long seconds(int s) {
    return Duration.ofSeconds(s).toNanos();
  }
}
