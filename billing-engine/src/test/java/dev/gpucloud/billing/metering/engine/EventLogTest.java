package dev.gpucloud.billing.metering.engine;

import static dev.gpucloud.billing.rating.engine.Story.kst;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.metering.engine.EventLog.Gap;
import dev.gpucloud.billing.metering.engine.EventLog.Metered;
import dev.gpucloud.billing.metering.engine.EventLog.Shared;
import dev.gpucloud.billing.metering.engine.UsageEvent.Kind;
import dev.gpucloud.billing.rating.engine.Story;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What events come to, and what of them must be looked at. */
class EventLogTest {
  private static final InstanceId INSTANCE = new InstanceId(new UUID(4, 1));
  private static final RunId RUN = new RunId(new UUID(3, 1));

  private static UsageEvent event(String id, long sequence, Kind kind, String at) {
    return new UsageEvent(
        "inventory",
        id,
        at,
        INSTANCE,
        "vm",
        sequence,
        kind,
        kst(at),
        kst(at),
        RUN,
        Story.in(Story.A),
        Story.h100(8));
  }

  private static Metered metered(List<UsageEvent> events) {
    return new EventLog(events, Map.of()).metered(Instant.MAX, null);
  }

  @Test
  void aHoleIsSaidWithTheInstantFromWhichItMatters() {
    Metered metered =
        metered(
            List.of(
                event("a", 1, Kind.STARTED, "2026-09-10T10:00"),
                event("b", 4, Kind.STOPPED, "2026-09-10T12:00")));
    assertThat(metered.gaps()).containsExactly(new Gap(INSTANCE, 1, 4, kst("2026-09-10T10:00")));
    assertThat(metered.unstarted()).isEmpty();
  }

  @Test
  void aHoleBeforeTheFirstEventThatIsKnownIsOne() {
    Metered metered =
        metered(
            List.of(
                event("a", 2, Kind.STARTED, "2026-09-10T10:00"),
                event("b", 3, Kind.STOPPED, "2026-09-10T12:00")));
    assertThat(metered.gaps()).containsExactly(new Gap(INSTANCE, 0, 2, kst("2026-09-10T10:00")));
  }

  @Test
  void anEstimatedEndKeepsMillisecondsAsEveryStampDoes() {
    Instant seen = kst("2026-09-10T10:30").plusNanos(1_000_400);
    var log =
        new EventLog(
            List.of(
                event("a", 1, Kind.STARTED, "2026-09-10T10:00"),
                event("b", 2, Kind.LOST, "2026-09-10T12:00")),
            Map.of(RUN, seen));
    assertThat(log.metered(Instant.MAX, null).runs().getFirst().end())
        .isEqualTo(kst("2026-09-10T10:31").plusMillis(1));
  }

  @Test
  void aStopThatIsDatedBeforeItsStartIsNamedUntilALaterOneCorrectsIt() {
    UsageEvent start = event("a", 1, Kind.STARTED, "2026-09-10T10:00");
    UsageEvent early = event("b", 2, Kind.STOPPED, "2026-09-10T09:00");
    assertThat(metered(List.of(start, early)).early()).containsExactly(early);
    UsageEvent right = event("c", 3, Kind.STOPPED, "2026-09-10T11:00");
    assertThat(metered(List.of(start, early, right)).early()).isEmpty();
    assertThat(metered(List.of(start, event("d", 2, Kind.STOPPED, "2026-09-10T10:00"))).early())
        .isEmpty();
  }

  @Test
  void aRunWithoutItsStartBillsNothingAndIsNamed() {
    Metered metered = metered(List.of(event("b", 2, Kind.STOPPED, "2026-09-10T12:00")));
    assertThat(metered.runs()).isEmpty();
    assertThat(metered.unstarted()).extracting(UsageEvent::run).containsExactly(RUN);
  }

  @Test
  void twoEventsOfOneSequenceComeToTheSameInAnyOrder() {
    List<UsageEvent> events =
        new ArrayList<>(
            List.of(
                event("a", 1, Kind.STARTED, "2026-09-10T10:00"),
                event("b", 2, Kind.STOPPED, "2026-09-10T12:00"),
                event("c", 2, Kind.STOPPED, "2026-09-10T11:00")));
    Metered first = metered(events);
    assertThat(first.shared()).containsExactly(new Shared(INSTANCE, 2, kst("2026-09-10T12:00")));
    for (long seed = 1; seed <= 6; seed++) {
      Collections.shuffle(events, new Random(seed));
      assertThat(metered(events)).isEqualTo(first);
    }
  }
}
