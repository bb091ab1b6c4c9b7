package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.layout.StackProblem;
import dev.gpucloud.devstack.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How much of the machine a stack may take: little beside other work, or what a load test needs.
 */
public enum StackSize {
  /** Small heaps, code compiled quickly: ready soon, 2.5 GiB in all. */
  SMALL(64, 1024, 0, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")) {
    @Override
    int heapMib(int small) {
      return small;
    }
  },
  /** Larger heaps and buffers, code compiled for speed. */
  LARGE(512, 4096, 4096, List.of("-XX:+UseSerialGC")) {
    @Override
    int heapMib(int small) {
      return 2 * small;
    }
  };

  /** The environment variable that chooses. */
  static final String VARIABLE = "GPUCLOUD_STACK_SIZE";

  private final int sharedBuffersMib;
  private final int walMib;
  private final int readyWalMib;
  private final List<String> javaOptions;

  StackSize(int sharedBuffersMib, int walMib, int readyWalMib, List<String> javaOptions) {
    this.sharedBuffersMib = sharedBuffersMib;
    this.walMib = walMib;
    this.readyWalMib = readyWalMib;
    this.javaOptions = javaOptions;
  }

  static StackSize of(Map<String, String> environment) {
    return switch (environment.getOrDefault(VARIABLE, "")) {
      case "", "small" -> SMALL;
      case "large" -> LARGE;
      case String other ->
          throw new StackProblem(
              StackProblem.USAGE, VARIABLE + " must be small or large, not " + other + ".");
    };
  }

  abstract int heapMib(int small);

  List<String> javaOptions() {
    return javaOptions;
  }

  /** PostgreSQL's memory, and how much it may write between two checkpoints and keeps ready. */
  PostgresServer.Settings postgres(boolean durable) {
    var settings =
        new ArrayList<>(
            List.of("shared_buffers=" + sharedBuffersMib + "MB", "max_wal_size=" + walMib + "MB"));
    if (readyWalMib > 0) {
      settings.add("min_wal_size=" + readyWalMib + "MB");
    }
    return new PostgresServer.Settings(durable, settings, readyWalMib);
  }
}
