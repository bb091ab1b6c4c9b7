package dev.gpucloud.tenant.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.engine.SigningSchedule.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SigningScheduleTest {
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private final SigningSchedule schedule =
      new SigningSchedule(DAY.multipliedBy(30), Duration.ofHours(1), Duration.ofMinutes(1));

  @Test
  void theFirstKeySignsAtOnce() {
    assertThat(schedule.due(List.of(), START)).contains(START);
  }

  @Test
  void theNextKeyIsPublishedAnHourBeforeItSigns() {
    Entry first = new Entry("a", START);
    Instant due = START.plus(DAY.multipliedBy(30)).minus(Duration.ofHours(1));

    assertThat(schedule.due(List.of(first), due.minusSeconds(1))).isEmpty();
    assertThat(schedule.due(List.of(first), due)).contains(START.plus(DAY.multipliedBy(30)));

    Entry second = new Entry("b", START.plus(DAY.multipliedBy(30)));
    assertThat(schedule.signer(List.of(first, second), due)).contains(first);
    assertThat(schedule.signer(List.of(first, second), second.signsFrom())).contains(second);
    assertThat(schedule.due(List.of(first, second), second.signsFrom())).isEmpty();
  }

  @Test
  void aKeyStaysPublishedUntilItsLastTokenHasExpired() {
    Entry first = new Entry("a", START);
    Entry second = new Entry("b", START.plus(DAY));
    List<Entry> both = List.of(first, second);

    assertThat(schedule.over(both, second.signsFrom().plus(Duration.ofMinutes(5)))).isEmpty();
    assertThat(schedule.over(both, second.signsFrom().plus(Duration.ofMinutes(6))))
        .containsExactly(first);
    assertThat(schedule.over(List.of(second), START.plus(DAY.multipliedBy(900)))).isEmpty();
  }

  @Test
  void inAYearOfMinutesThereIsAlwaysASignerThatWasPublishedAnHourBefore() {
    List<Entry> keys = new ArrayList<>();
    var published = new ArrayList<Instant>();
    for (Instant now = START;
        now.isBefore(START.plus(DAY.multipliedBy(365)));
        now = now.plusSeconds(600)) {
      Instant at = now;
      schedule
          .due(keys, now)
          .ifPresent(
              from -> {
                keys.add(new Entry("k" + published.size(), from));
                published.add(at);
              });
      keys.removeAll(schedule.over(keys, now));
      Entry signer = schedule.signer(keys, now).orElseThrow();
      int number = Integer.parseInt(signer.kid().substring(1));
      assertThat(keys).hasSizeLessThanOrEqualTo(2);
      if (number > 0) {
        assertThat(Duration.between(published.get(number), now))
            .isGreaterThanOrEqualTo(Duration.ofHours(1));
      }
    }
    assertThat(published).hasSize(13);
  }
}
