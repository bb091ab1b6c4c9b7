package dev.gpucloud.agent.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClockFollowerTest {
  private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
  private static final Instant MOVED = Instant.parse("2026-12-01T00:00:00Z");

  private final List<String> history = new CopyOnWriteArrayList<>();
  private final BusinessClock clock = new BusinessClock(InstantSource.fixed(NOW));

  @Test
  void isTheSystemClockWithoutADevelopmentClock() {
    assertThat(clock.instant()).isEqualTo(NOW);
  }

  @Test
  void followsAnOffsetAndAFreeze() {
    clock.follow(new ClockSetting(1, ClockSetting.Mode.RUNNING, 1500, null));
    assertThat(clock.instant()).isEqualTo(NOW.plusMillis(1500));
    clock.follow(new ClockSetting(2, ClockSetting.Mode.FROZEN, 0, MOVED));
    assertThat(clock.instant()).isEqualTo(MOVED);
  }

  @Test
  void reportsWhatIsAliveAtTheNewTimeBeforeItAcknowledges() throws InterruptedException {
    Scripted server = new Scripted(2);
    server.moves = List.of(frozen(5, NOW), frozen(6, MOVED));
    try (ClockFollower follower = new ClockFollower(server, clock, this::beat)) {
      follower.awaitFirst();
      follower.start();
      assertThat(server.acknowledged.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(history).containsExactly("beat " + NOW, "ack 5", "beat " + MOVED, "ack 6");
  }

  @Test
  void doesNotAcknowledgeWhenItCouldNotReport() throws InterruptedException {
    Scripted server = new Scripted(1);
    server.moves = List.of(frozen(5, MOVED));
    CountDownLatch failures = new CountDownLatch(1);
    ClockFollower.Reporter failsOnce =
        () -> {
          if (failures.getCount() > 0) {
            failures.countDown();
            history.add("failed");
            throw new IOException("no Kafka");
          }
          beat();
        };
    try (ClockFollower follower = new ClockFollower(server, clock, failsOnce)) {
      follower.start();
      assertThat(server.acknowledged.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(history).containsExactly("failed", "beat " + MOVED, "ack 5");
  }

  private void beat() {
    history.add("beat " + clock.instant());
  }

  private static ClockSetting frozen(long version, Instant at) {
    return new ClockSetting(version, ClockSetting.Mode.FROZEN, 0, at);
  }

  /** A clock server that plays its moves, then blocks as a long poll does. */
  private final class Scripted implements ClockServer {
    private final CountDownLatch acknowledged;
    private volatile List<ClockSetting> moves = List.of();

    Scripted(int acknowledgements) {
      this.acknowledged = new CountDownLatch(acknowledgements);
    }

    @Override
    public ClockSetting current() {
      return moves.getFirst();
    }

    @Override
    public ClockSetting after(long version) throws InterruptedException {
      for (ClockSetting move : moves) {
        if (move.version() > version) {
          return move;
        }
      }
      Thread.sleep(60_000);
      return moves.getLast();
    }

    @Override
    public void acknowledge(long version) {
      history.add("ack " + version);
      acknowledged.countDown();
    }
  }
}
