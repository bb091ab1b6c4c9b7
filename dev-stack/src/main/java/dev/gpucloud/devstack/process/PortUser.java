package dev.gpucloud.devstack.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks up in the kernel's tables which process listens on a port. */
public final class PortUser {
  private static final String LISTENING = "0A";

  private PortUser() {}

  /**
   * The process that listens there, as {@code java (pid 4711)}; empty when it belongs to somebody
   * else.
   */
  public static Optional<String> find(int port) {
    Set<String> sockets =
        Stream.of("/proc/net/tcp", "/proc/net/tcp6")
            .flatMap(table -> listeners(Path.of(table), port))
            .collect(Collectors.toSet());
    if (sockets.isEmpty()) {
      return Optional.empty();
    }
    return ProcessHandle.allProcesses()
        .filter(process -> holds(process.pid(), sockets))
        .findFirst()
        .map(PortUser::describe);
  }

  private static Stream<String> listeners(Path table, int port) {
    String suffix = ":%04X".formatted(port);
    try (Stream<String> lines = Files.lines(table)) {
      return lines
          .map(line -> line.trim().split("\\s+"))
          .filter(f -> f.length > 9 && f[1].endsWith(suffix) && f[3].equals(LISTENING))
          .map(f -> "socket:[" + f[9] + "]")
          .toList()
          .stream();
    } catch (IOException _) {
      return Stream.empty();
    }
  }

  private static boolean holds(long pid, Set<String> sockets) {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return files.anyMatch(file -> sockets.contains(target(file)));
    } catch (IOException | RuntimeException _) {
      return false;
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException _) {
      return "";
    }
  }

  private static String describe(ProcessHandle process) {
    String command =
        process.info().command().map(c -> Path.of(c).getFileName().toString()).orElse("a process");
    return command + " (pid " + process.pid() + ")";
  }
}
