package dev.gpucloud.agent.clock;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;

/**
 * Follows the development clock. A move is acknowledged only after every site reported what was
 * alive through the new time, so that nobody bills on a clock that the agent has not seen.
 */
public final class ClockFollower implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ClockFollower.class.getName());
  private static final Duration RETRY = Duration.ofMillis(500);

  private final ClockServer server;
  private final BusinessClock clock;
  private final Reporter reporter;
  private volatile boolean stopping;
  private volatile boolean following;
  private volatile Thread thread;

  /** Reports, for all sites, what is alive now; fails when it cannot. */
  @FunctionalInterface
  public interface Reporter {
    void reportAlive() throws IOException;
  }

  ClockFollower(ClockServer server, BusinessClock clock, Reporter reporter) {
    this.server = server;
    this.clock = clock;
    this.reporter = reporter;
    this.thread = Thread.ofPlatform().name("clock").unstarted(this::run);
  }

  /** A follower of the clock at the given address. */
  public static ClockFollower over(
      URI address, String token, ObjectMapper json, BusinessClock clock, Reporter reporter) {
    return new ClockFollower(new HttpClockServer(address, token, json), clock, reporter);
  }

  /** Waits until the clock is known, so that nothing is stamped with a wrong time. */
  public void awaitFirst() throws InterruptedException {
    while (!stopping) {
      try {
        clock.follow(server.current());
        return;
      } catch (IOException e) {
        LOG.log(Level.WARNING, "The business clock is not reachable: {0}", e.toString());
        Thread.sleep(RETRY);
      }
    }
  }

  /** Starts to follow in a thread of its own. */
  public void start() {
    thread.start();
  }

  /** Whether the present setting is acknowledged. */
  public boolean following() {
    return following;
  }

  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
  }

  private void run() {
    long acknowledged = -1;
    while (!stopping) {
      try {
        ClockSetting next = acknowledged < 0 ? server.current() : server.after(acknowledged);
        if (next.version() != acknowledged) {
          follow(next);
          acknowledged = next.version();
        }
        following = true;
      } catch (IOException e) {
        following = false;
        acknowledged = -1;
        LOG.log(Level.WARNING, "Cannot follow the business clock: {0}", e.toString());
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void follow(ClockSetting next) throws IOException, InterruptedException {
    clock.follow(next);
    reporter.reportAlive();
    server.acknowledge(next.version());
  }

  private void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
