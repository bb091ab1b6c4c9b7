package dev.gpucloud.devstack.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Processes of an earlier stack in the same data folder, known by the folder's path among their
 * arguments. Only to be used by whoever holds the folder's lock: then none of them is of use to
 * anyone.
 */
public final class Leftovers {
  private final Path home;

  public Leftovers(Path home) {
    this.home = home;
  }

  /** The argument by which every Java child carries its data folder. */
  public static String marker(Path home) {
    return "-Ddevstack.home=" + home;
  }

  /** Ends what is left and returns how many there were. */
  public int end(Duration patience) {
    List<ProcessHandle> found = find();
    found.forEach(ProcessHandle::destroy);
    CompletableFuture<?> ended =
        CompletableFuture.allOf(
            found.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new));
    ended.completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS).join();
    found.forEach(ProcessHandle::destroyForcibly);
    return found.size();
  }

  List<ProcessHandle> find() {
    long self = ProcessHandle.current().pid();
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != self)
        .filter(process -> process.info().arguments().map(this::isOurs).orElse(false))
        .toList();
  }

  private boolean isOurs(String[] arguments) {
    String marker = marker(home);
    String data = home.resolve("postgresql/data").toString();
    return Arrays.stream(arguments).anyMatch(a -> a.equals(marker) || a.equals(data));
  }
}
