package dev.gpucloud.gateway.limits.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void takesOfEveryLimitAndTellsHowEachStands() {
    Limit user = limit("user-read", 2, 60);
    Limit tenant = limit("tenant-read", 5, 60);

    Admission admission = Admission.ask(List.of(user, tenant), 0);

    assertThat(admission)
        .isInstanceOfSatisfying(
            Admission.Admitted.class,
            in ->
                assertThat(in.standings())
                    .extracting(Standing::limit, Standing::remaining)
                    .containsExactly(tuple("user-read", 1L), tuple("tenant-read", 4L)));
  }

  @Test
  void takesOfNoneWhenOneRefuses() {
    Limit user = limit("user-read", 3, 60);
    Limit tenant = limit("tenant-read", 1, 60);
    Admission.ask(List.of(user, tenant), 0);

    Admission second = Admission.ask(List.of(user, tenant), 0);

    assertThat(second)
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> {
              assertThat(refused.limit()).isEqualTo("tenant-read");
              assertThat(refused.waitSeconds()).isEqualTo(60);
            });
    assertThat(user.bucket().standing("user-read", 0).remaining()).isEqualTo(2);
  }

  @Test
  void namesTheLimitThatTakesLongest() {
    Limit user = limit("user-read", 1, 2);
    Limit tenant = limit("tenant-read", 1, 50);
    Admission.ask(List.of(user, tenant), 0);

    assertThat(Admission.ask(List.of(user, tenant), SECOND))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> {
              assertThat(refused.limit()).isEqualTo("tenant-read");
              assertThat(refused.waitSeconds()).isEqualTo(49);
            });
  }

  @Test
  void waitingAsLongAsToldIsLongEnough() {
    Limit odd = limit("user-write", 7, 60);
    long now = 0;
    for (int i = 0; i < 200; i++) {
      if (Admission.ask(List.of(odd), now) instanceof Admission.Refused refused) {
        now += refused.waitSeconds() * SECOND;
        assertThat(Admission.ask(List.of(odd), now)).isInstanceOf(Admission.Admitted.class);
      }
    }
  }

  @Test
  void slotsAreOfTheirKeyAloneAndComeBack() {
    Slots slots = new Slots(2);
    assertThat(slots.tryEnter("a")).isTrue();
    assertThat(slots.tryEnter("a")).isTrue();
    assertThat(slots.tryEnter("a")).isFalse();
    assertThat(slots.tryEnter("b")).isTrue();

    slots.leave("a");
    assertThat(slots.tryEnter("a")).isTrue();

    slots.leave("a");
    slots.leave("a");
    slots.leave("b");
    assertThat(slots.keys()).isZero();
  }

  private static Limit limit(String name, long requests, long seconds) {
    return new Limit(
        name, new TokenBucket(new Allowance(requests, Duration.ofSeconds(seconds)), 0));
  }
}
