package dev.gpucloud.devstack.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.devstack.clock.ClockReading.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BusinessClockTest {
  private static final Instant STARTS_AT = Instant.parse("2026-11-02T00:00:00Z");
  private static final Duration SHORT = Duration.ofMillis(200);

  @TempDir private Path folder;
  private volatile Instant system = Instant.parse("2026-03-05T10:00:00.123456Z");
  private BusinessClock clock;

  @BeforeEach
  void begin() throws IOException {
    clock = open();
  }

  @Test
  void beginsRunningAtTheGivenTime() {
    assertThat(clock.now()).isEqualTo(STARTS_AT);
    assertThat(clock.current().mode()).isEqualTo(Mode.RUNNING);

    pass(Duration.ofSeconds(90));

    assertThat(clock.now()).isEqualTo("2026-11-02T00:01:30Z");
  }

  @Test
  void standsStillWhileFrozenAndGoesOnFromThere() throws Exception {
    clock.move(new ClockMove(Mode.FROZEN, null, null), SHORT);
    pass(Duration.ofHours(5));
    assertThat(clock.now()).isEqualTo(STARTS_AT);

    clock.move(new ClockMove(null, null, Duration.ofHours(8)), SHORT);
    pass(Duration.ofHours(5));
    assertThat(clock.now()).isEqualTo("2026-11-02T08:00:00Z");

    clock.move(new ClockMove(Mode.RUNNING, null, null), SHORT);
    pass(Duration.ofSeconds(7));
    assertThat(clock.now()).isEqualTo("2026-11-02T08:00:07Z");
  }

  @Test
  void neverGoesBack() throws Exception {
    clock.move(new ClockMove(Mode.FROZEN, STARTS_AT.plusSeconds(100), null), SHORT);
    ClockReading before = clock.current();

    assertThatThrownBy(
            () -> clock.move(new ClockMove(null, STARTS_AT.plusSeconds(99), null), SHORT))
        .isInstanceOfSatisfying(
            ClockRefused.class, e -> assertThat(e.code()).isEqualTo("CLOCK_MOVES_FORWARD_ONLY"));
    assertThatThrownBy(() -> clock.move(new ClockMove(null, null, Duration.ofMillis(-1)), SHORT))
        .isInstanceOf(ClockRefused.class);

    assertThat(clock.current()).isEqualTo(before);
  }

  @Test
  void movingToWhereItStandsIsAllowed() throws Exception {
    clock.move(new ClockMove(Mode.FROZEN, null, null), SHORT);

    clock.move(new ClockMove(null, STARTS_AT, null), SHORT);

    assertThat(clock.now()).isEqualTo(STARTS_AT);
  }

  @Test
  void isTheSameAfterARestart() throws Exception {
    clock.move(new ClockMove(Mode.FROZEN, null, Duration.ofDays(30)), SHORT);
    pass(Duration.ofDays(2));

    BusinessClock reopened = open();

    assertThat(reopened.current()).isEqualTo(clock.current());
    assertThat(reopened.now()).isEqualTo(STARTS_AT.plus(Duration.ofDays(30)));
  }

  @Test
  void doesNotGoBackWhenTheMachinesClockDoes() throws Exception {
    pass(Duration.ofHours(3));
    clock.save();
    pass(Duration.ofHours(-10));

    BusinessClock reopened = open();

    assertThat(reopened.now()).isEqualTo(STARTS_AT.plus(Duration.ofHours(3)));
    assertThat(reopened.current().version()).isGreaterThan(clock.current().version());
  }

  @Test
  void moveWaitsUntilEveryParticipantHasAcknowledged() throws Exception {
    clock.await(0, "inventory-service", Duration.ZERO);
    clock.await(0, "site-agent", Duration.ZERO);

    CompletableFuture<ClockReading> move = moveInBackground(Duration.ofSeconds(20));
    ClockReading seen = clock.await(1, "inventory-service", Duration.ofSeconds(20));
    clock.acknowledge("inventory-service", seen.version());
    assertThatThrownBy(() -> move.get(100, TimeUnit.MILLISECONDS))
        .isInstanceOf(java.util.concurrent.TimeoutException.class);
    clock.acknowledge("site-agent", seen.version());

    assertThat(move.get(20, TimeUnit.SECONDS).version()).isEqualTo(2);
  }

  @Test
  void moveNamesWhoDidNotAcknowledge() {
    clock.acknowledge("inventory-service", 1);
    clock.acknowledge("billing-service", 1);
    clock.acknowledge("site-agent", 99);

    assertThatThrownBy(() -> clock.move(new ClockMove(Mode.FROZEN, null, null), SHORT))
        .isInstanceOfSatisfying(
            ClockRefused.class, e -> assertThat(e.code()).isEqualTo("CLOCK_NOT_ACKNOWLEDGED"))
        .hasMessageContaining("billing-service, inventory-service did not");
  }

  @Test
  void moveDoesNotWaitForAParticipantThatHasEnded() throws Exception {
    clock.acknowledge("billing-service", 1);
    CompletableFuture<ClockReading> move = moveInBackground(Duration.ofSeconds(20));
    clock.await(1, null, Duration.ofSeconds(20));

    clock.forget("billing-service");

    assertThat(move.get(20, TimeUnit.SECONDS).mode()).isEqualTo(Mode.FROZEN);
  }

  @Test
  void moveDoesNotWaitForAParticipantThatWasSilentForLong() throws Exception {
    clock.acknowledge("somebody-in-an-ide", 1);
    pass(Duration.ofMinutes(1));

    ClockReading moved = clock.move(new ClockMove(Mode.FROZEN, null, null), SHORT);

    assertThat(moved.version()).isEqualTo(2);
  }

  @Test
  void pollWithTheCurrentVersionAnswersUnchangedAfterItsPatience() throws Exception {
    ClockReading same = clock.await(1, "gateway", Duration.ofMillis(50));

    assertThat(same).isEqualTo(clock.current());
  }

  private BusinessClock open() throws IOException {
    InstantSource source = () -> system;
    return new BusinessClock(source, new ClockFile(folder.resolve("clock.json")), STARTS_AT);
  }

  private void pass(Duration time) {
    system = system.plus(time);
  }

  private CompletableFuture<ClockReading> moveInBackground(Duration patience) {
    CompletableFuture<ClockReading> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                done.complete(clock.move(new ClockMove(Mode.FROZEN, null, null), patience));
              } catch (Exception e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }
}
