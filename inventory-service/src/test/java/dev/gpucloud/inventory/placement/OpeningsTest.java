package dev.gpucloud.inventory.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.inventory.placement.Openings.Opening;
import org.junit.jupiter.api.Test;

class OpeningsTest {
  private static final String POOL = "kr-test/b200";

  private final Openings openings = new Openings();

  @Test
  void knowsWhatIsBeingOpenedUnderWhichEpoch() {
    openings.begin(POOL, 2);

    assertThat(openings.isUnderWay(POOL, 2)).isTrue();
    assertThat(openings.isUnderWay(POOL, 4)).isFalse();
    assertThat(openings.isUnderWay("kr-test/h100", 2)).isFalse();
  }

  @Test
  void ofTwoOpeningsOnlyTheLastCountsInWhicheverOrderTheyEnd() {
    Opening first = openings.begin(POOL, 2);
    Opening last = openings.begin(POOL, 4);

    assertThat(openings.end(POOL, first)).isFalse();
    assertThat(openings.end(POOL, last)).isTrue();
    assertThat(openings.end(POOL, last)).isFalse();
    assertThat(openings.isUnderWay(POOL, 4)).isFalse();
  }

  @Test
  void anOpeningOfALostPoolDoesNotCount() {
    Opening opening = openings.begin(POOL, 2);

    openings.drop(POOL);

    assertThat(openings.end(POOL, opening)).isFalse();
  }

  @Test
  void remembersThatSomethingChangedMeanwhile() {
    Opening changed = openings.begin(POOL, 2);
    Opening unchanged = openings.begin("kr-test/h100", 2);

    openings.outdate(POOL);

    assertThat(changed.isOutdated()).isTrue();
    assertThat(unchanged.isOutdated()).isFalse();
  }
}
