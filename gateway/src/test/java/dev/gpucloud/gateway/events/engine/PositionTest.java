package dev.gpucloud.gateway.events.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
  @Test
  void readsWhatItWrote() {
    Position position = Position.of(17, 0, 90);

    assertThat(position).hasToString("0:17,1:0,2:90");
    assertThat(Position.parse("0:17,1:0,2:90", 3)).isEqualTo(position);
  }

  @Test
  void readsPartitionsThatTheTextDoesNotNameFromTheirStart() {
    Position position = Position.parse("1:5", 3);

    assertThat(position.next(0)).isEqualTo(Position.START);
    assertThat(position.next(1)).isEqualTo(5);
    assertThat(position).hasToString("1:5");
  }

  @Test
  void movesBehindAnEventAndLeavesTheOldPositionAsItWas() {
    Position before = Position.of(1, 1);

    assertThat(before.after(1, 8)).isEqualTo(Position.of(1, 9));
    assertThat(before).isEqualTo(Position.of(1, 1));
  }

  @Test
  void hasReachedAnotherWhenNoPartitionIsBehind() {
    assertThat(Position.of(3, 5).hasReached(Position.of(3, 4))).isTrue();
    assertThat(Position.of(3, 5).hasReached(Position.of(4, 4))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "0",
        "0:",
        ":1",
        "0:1,",
        "0:-1",
        "0:1;1:2",
        "3:1",
        "0:1,0:2",
        " 0:1",
        "0:1\n",
        "0:9999999999999999999",
        "99999:1"
      })
  void refusesWhatIsNoPosition(String text) {
    assertThatThrownBy(() -> Position.parse(text, 3)).isInstanceOf(IllegalArgumentException.class);
  }
}
