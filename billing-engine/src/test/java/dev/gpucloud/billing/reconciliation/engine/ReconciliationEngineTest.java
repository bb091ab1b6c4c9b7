package dev.gpucloud.billing.reconciliation.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.reconciliation.engine.Difference.Kind;
import dev.gpucloud.billing.reconciliation.engine.Life.Step;
import dev.gpucloud.billing.reconciliation.engine.RunWitness.Billed;
import dev.gpucloud.billing.reconciliation.engine.RunWitness.Stretch;
import dev.gpucloud.billing.reconciliation.engine.RunWitness.Uncharged;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReconciliationEngineTest {
  private static final RunId RUN = new RunId(UUID.randomUUID());
  private static final InstanceId INSTANCE = new InstanceId(UUID.randomUUID());
  private static final Window DAY = window("2026-11-02T00:00", "2026-11-03T00:00");
  private final ReconciliationEngine engine = new ReconciliationEngine(Duration.ofMinutes(2));

  private static Instant kst(String local) {
    return LocalDateTime.parse(local).atZone(BillingMonth.ZONE).toInstant();
  }

  private static Window window(String from, String to) {
    return new Window(kst(from), kst(to));
  }

  private static Stretch stretch(String start, String end) {
    return new Stretch(kst(start), kst(end), 0);
  }

  private static Life life(String ordered, String started, String stopped, String released) {
    return Life.UNKNOWN
        .with(Step.ORDERED, kst(ordered))
        .with(Step.STARTED, kst(started))
        .with(Step.STOPPED, kst(stopped))
        .with(Step.RELEASED, kst(released));
  }

  private static RunWitness witness(
      Life life,
      List<Stretch> metered,
      @Nullable List<Stretch> billed,
      @Nullable Instant aliveThrough) {
    Instant end = kst("2026-12-01T00:00");
    return new RunWitness(
        RUN,
        INSTANCE,
        "a",
        life,
        metered,
        billed == null ? null : Billed.of(billed),
        aliveThrough,
        end,
        end);
  }

  @Test
  void everySecondOfInventoryIsBilledOrHasAReason() {
    Life life =
        life("2026-11-02T09:00", "2026-11-02T09:03", "2026-11-02T11:03", "2026-11-02T11:05");
    List<Stretch> use = List.of(stretch("2026-11-02T09:03", "2026-11-02T11:03"));

    RunAccount account = engine.count(witness(life, use, use, kst("2026-11-02T11:02:30")), DAY);

    assertThat(account.inventoryMillis()).isEqualTo(125 * 60_000);
    assertThat(account.provisioningMillis()).isEqualTo(3 * 60_000);
    assertThat(account.runningMillis()).isEqualTo(120 * 60_000);
    assertThat(account.releasingMillis()).isEqualTo(2 * 60_000);
    assertThat(account.meteredMillis()).isEqualTo(120 * 60_000);
    assertThat(account.billedMillis()).isEqualTo(120 * 60_000);
    assertThat(account.agentMillis()).isEqualTo(119 * 60_000 + 30_000);
  }

  @Test
  void aRunOverMidnightIsCutAtTheSeoulDay() {
    Life life =
        life("2026-11-01T20:00", "2026-11-01T22:00", "2026-11-02T03:00", "2026-11-02T04:00");
    List<Stretch> use = List.of(new Stretch(kst("2026-11-01T22:00"), kst("2026-11-02T03:00"), 7));
    RunWitness witness = witness(life, use, use, null);

    RunAccount first = engine.count(witness, window("2026-11-01T00:00", "2026-11-02T00:00"));
    RunAccount second = engine.count(witness, DAY);

    assertThat(first.runningMillis()).isEqualTo(2 * 3_600_000);
    assertThat(first.paddingMillis()).isZero();
    assertThat(second.runningMillis()).isEqualTo(3 * 3_600_000);
    assertThat(second.paddingMillis()).isEqualTo(7);
    assertThat(second.agentMillis()).isNull();
  }

  @Test
  void namesIntervalsAndRowsThatAreNotWhatTheEventsSay() {
    Life life =
        life("2026-11-02T09:00", "2026-11-02T09:00", "2026-11-02T10:00", "2026-11-02T10:01");
    List<Stretch> metered = List.of(stretch("2026-11-02T09:00", "2026-11-02T09:59:59"));
    List<Stretch> billed = List.of(stretch("2026-11-02T09:00", "2026-11-02T10:30"));

    assertThat(engine.differences(witness(life, metered, billed, null), DAY))
        .containsExactly(
            new Difference(Kind.METERED_UNLIKE_INVENTORY, RUN, INSTANCE, -1_000),
            new Difference(Kind.BILLED_UNLIKE_METERED, RUN, INSTANCE, 1_801_000));
  }

  private static RunWitness settled(List<Stretch> metered, Billed billed) {
    Life life =
        life("2026-11-02T09:00", "2026-11-02T09:00", "2026-11-02T10:00", "2026-11-02T10:01");
    Instant end = kst("2026-12-01T00:00");
    return new RunWitness(RUN, INSTANCE, "a", life, metered, billed, null, end, end);
  }

  /** 09:30 was charged; the true end is 10:00, which is written off, or the other way round. */
  @ParameterizedTest
  @CsvSource({"09:30, 10:00, 1800, 1800", "10:00, 09:30, 3600, -1800"})
  void whatIsWrittenOffIsNotBilled(String charged, String ends, long billed, long writtenOff) {
    var before = new Stretch(kst("2026-11-02T09:00"), kst("2026-11-02T" + charged), 5);
    var after = new Stretch(kst("2026-11-02T09:00"), kst("2026-11-02T" + ends), 9);
    RunWitness witness =
        settled(
            List.of(after),
            new Billed(
                List.of(after),
                new Uncharged(List.of(after), List.of(before)),
                Uncharged.NOTHING,
                false));

    RunAccount account = engine.count(witness, DAY);

    assertThat(account.billedMillis()).isEqualTo(billed * 1000);
    assertThat(account.writtenOffMillis()).isEqualTo(writtenOff * 1000);
    assertThat(account.paddingMillis()).isEqualTo(5);
    assertThat(engine.differences(witness, DAY))
        .extracting(Difference::kind)
        .doesNotContain(Kind.BILLED_UNLIKE_METERED);
  }

  @Test
  void nothingIsBilledOfAnInvoiceThatWasTakenBack() {
    List<Stretch> use = List.of(stretch("2026-11-02T09:00", "2026-11-02T10:00"));
    RunWitness witness =
        settled(use, new Billed(use, Uncharged.NOTHING, new Uncharged(use, List.of()), true));

    RunAccount account = engine.count(witness, DAY);

    assertThat(account.billedMillis()).isZero();
    assertThat(account.takenBackMillis()).isEqualTo(3_600_000);
    assertThat(engine.differences(witness, DAY)).isEmpty();
  }

  /** 09:30 is charged by the invoice, the rest by the next one: one of them is taken back. */
  @ParameterizedTest
  @CsvSource({"false, 1800, 1800", "true, 1800, 1800"})
  void whatTheOtherInvoiceChargesStaysBilled(boolean isOwn, long billed, long takenBack) {
    Stretch before = stretch("2026-11-02T09:00", "2026-11-02T09:30");
    Stretch after = stretch("2026-11-02T09:00", "2026-11-02T10:00");
    var back =
        isOwn
            ? new Uncharged(List.of(before), List.of())
            : new Uncharged(List.of(after), List.of(before));
    RunWitness witness =
        settled(List.of(after), new Billed(List.of(after), Uncharged.NOTHING, back, isOwn));

    RunAccount account = engine.count(witness, DAY);

    assertThat(account.billedMillis()).isEqualTo(billed * 1000);
    assertThat(account.takenBackMillis()).isEqualTo(takenBack * 1000);
    assertThat(engine.differences(witness, DAY)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-02T09:58:00, ",
    "2026-11-02T09:57:59, AGENT_ENDS_EARLIER",
    "2026-11-02T10:02:00, ",
    "2026-11-02T10:02:01, AGENT_ENDS_LATER"
  })
  void agentsMayBeOffByAsMuchAsTheyReportRarely(String alive, @Nullable String kind) {
    Life life =
        life("2026-11-02T09:00", "2026-11-02T09:00", "2026-11-02T10:00", "2026-11-02T10:01");
    List<Stretch> use = List.of(stretch("2026-11-02T09:00", "2026-11-02T10:00"));

    assertThat(engine.differences(witness(life, use, use, kst(alive)), DAY))
        .extracting(d -> d.kind().name())
        .isEqualTo(kind == null ? List.of() : List.of(kind));
  }

  @Test
  void theAgentsWordCountsInTheMonthOfTheStopAlone() {
    Life life =
        life("2026-11-01T09:00", "2026-11-01T09:00", "2026-11-03T10:00", "2026-11-03T10:01");
    List<Stretch> use = List.of(stretch("2026-11-01T09:00", "2026-11-03T10:00"));

    assertThat(engine.differences(witness(life, use, use, kst("2026-11-02T10:00")), DAY)).isEmpty();
  }

  @Test
  void aRunThatNeverStartedIsProvisioningAlone() {
    Life life =
        Life.UNKNOWN
            .with(Step.ORDERED, kst("2026-11-02T09:00"))
            .with(Step.RELEASED, kst("2026-11-02T09:10"));

    RunAccount account = engine.count(witness(life, List.of(), null, null), DAY);

    assertThat(account.provisioningMillis()).isEqualTo(600_000);
    assertThat(account.inventoryMillis()).isEqualTo(600_000);
    assertThat(account.billedMillis()).isNull();
  }

  @Test
  void timeDoesNotRunBackwardsWithinARun() {
    Life life =
        life("2026-11-02T09:05", "2026-11-02T09:00", "2026-11-02T08:00", "2026-11-02T07:00");

    assertThat(life.orderedAt()).isEqualTo(kst("2026-11-02T09:00"));
    assertThat(life.startedAt()).isEqualTo(kst("2026-11-02T09:00"));
    assertThat(life.stoppedAt()).isEqualTo(kst("2026-11-02T09:00"));
    assertThat(life.releasedAt()).isEqualTo(kst("2026-11-02T09:00"));
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void daysSumToTheirMonth(long seed) {
    var random = new Random(seed);
    Instant from = kst("2026-11-01T00:00");
    Instant at = from.plusSeconds(random.nextInt(86_400 * 20));
    Life life = Life.UNKNOWN;
    for (Step step : Step.values()) {
      life = life.with(step, at);
      at = at.plusMillis(random.nextInt(200_000_000));
    }
    RunWitness witness = witness(life, List.of(), List.of(), null);
    var days = new ArrayList<RunAccount>();
    for (int d = 0; d < 30; d++) {
      Instant start = from.plus(Duration.ofDays(d));
      days.add(engine.count(witness, new Window(start, start.plus(Duration.ofDays(1)))));
    }

    RunAccount month = engine.count(witness, window("2026-11-01T00:00", "2026-12-01T00:00"));

    assertThat(days.stream().mapToLong(RunAccount::inventoryMillis).sum())
        .isEqualTo(month.inventoryMillis());
    assertThat(days.stream().mapToLong(RunAccount::runningMillis).sum())
        .isEqualTo(month.runningMillis());
  }
}
