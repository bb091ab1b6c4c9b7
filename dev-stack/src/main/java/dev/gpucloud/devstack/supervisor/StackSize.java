package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.layout.StackProblem;
import java.util.List;
import java.util.Map;

/**
 * How much of the machine a stack may take: little beside other work, or what a load test needs.
 */
public enum StackSize {
  /** Small heaps, code compiled quickly: ready soon, 2.5 GiB in all. */
  SMALL(64, 1024, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")) {
    @Override
    int heapMib(int small) {
      return small;
    }
  },
  /** Larger heaps and buffers, code compiled for speed. */
  LARGE(512, 4096, List.of("-XX:+UseSerialGC")) {
    @Override
    int heapMib(int small) {
      return 2 * small;
    }
  };

  /** The environment variable that chooses. */
  static final String VARIABLE = "GPUCLOUD_STACK_SIZE";

  private final int sharedBuffersMib;
  private final int walMib;
  private final List<String> javaOptions;

  StackSize(int sharedBuffersMib, int walMib, List<String> javaOptions) {
    this.sharedBuffersMib = sharedBuffersMib;
    this.walMib = walMib;
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

  /** PostgreSQL's memory and how much it may write between two checkpoints. */
  public List<String> postgresSettings() {
    return List.of("shared_buffers=" + sharedBuffersMib + "MB", "max_wal_size=" + walMib + "MB");
  }
}
