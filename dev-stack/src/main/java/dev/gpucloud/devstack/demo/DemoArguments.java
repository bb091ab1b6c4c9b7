package dev.gpucloud.devstack.demo;

import dev.gpucloud.cli.CliException;
import dev.gpucloud.cli.ExitCode;
import java.time.Duration;
import java.util.List;

/** What to play: who creates how many of what, for how long, and what is killed on the way. */
record DemoArguments(String tenant, String type, int count, int hours, List<Kill> kills) {
  private static final int MOST_INSTANCES = 500;
  private static final int LONGEST_MONTH_HOURS = 31 * 24;

  DemoArguments {
    kills = List.copyOf(kills);
    if (count < 1 || count > MOST_INSTANCES) {
      throw new CliException(
          ExitCode.USAGE,
          "--count must be between 1 and %d, not %d.".formatted(MOST_INSTANCES, count));
    }
    if (hours < 1 || hours >= LONGEST_MONTH_HOURS) {
      throw new CliException(
          ExitCode.USAGE,
          "--hours must be between 1 and %d, not %d: the story lies in one billing month."
              .formatted(LONGEST_MONTH_HOURS - 1, hours));
    }
  }

  Duration length() {
    return Duration.ofHours(hours);
  }

  /** After this the first instance is stopped; the others run for the whole length. */
  Duration firstHalf() {
    return length().dividedBy(2);
  }

  Duration secondHalf() {
    return length().minus(firstHalf());
  }
}
