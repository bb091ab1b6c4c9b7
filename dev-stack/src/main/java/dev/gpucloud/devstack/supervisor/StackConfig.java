package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.layout.Ports;
import dev.gpucloud.devstack.layout.StackHome;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a supervisor is asked to run, and where. */
public record StackConfig(
    Kind kind, Path root, StackHome home, Ports ports, @Nullable Long owner, StackSize size) {

  /** The kinds of stack. */
  public enum Kind {
    /** The whole product for a person: durable, fixed ports, lives until it is told to stop. */
    DEV,
    /**
     * PostgreSQL and Kafka for tests, the rest on request: no fsync, free ports, ends with its
     * owners.
     */
    SHARED,
    /**
     * PostgreSQL and Kafka for measuring: durable, free ports, ends with the process that launched
     * it.
     */
    DURABLE
  }

  static StackConfig parse(String[] args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
    Kind kind = Kind.valueOf(required(options, "--kind"));
    Path root = Path.of(required(options, "--root"));
    Path home = Path.of(required(options, "--home"));
    String owner = options.get("--owner");
    Ports ports =
        kind == Kind.DEV
            ? Ports.withOffset(Integer.parseInt(required(options, "--port-offset")))
            : Ports.free();
    return new StackConfig(
        kind,
        root,
        new StackHome(home, Path.of(required(options, "--cache"))),
        ports,
        owner == null ? null : Long.valueOf(owner),
        kind == Kind.DURABLE ? StackSize.LARGE : StackSize.of(System.getenv()));
  }

  /** The arguments that a launcher passes for a dev stack. */
  public static List<String> devArguments(Path root, StackHome home, int portOffset) {
    return List.of(
        "--kind", "DEV",
        "--root", root.toString(),
        "--home", home.folder().toString(),
        "--cache", home.cache().toString(),
        "--port-offset", Integer.toString(portOffset));
  }

  boolean durable() {
    return kind != Kind.SHARED;
  }

  /** Whether it begins empty: what an earlier run left in its folder is not its own. */
  boolean isNew() {
    return kind != Kind.DEV;
  }

  private static String required(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException("Missing " + name);
    }
    return value;
  }
}
