package dev.gpucloud.devstack.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Starts all children from one thread that lives as long as the supervisor, because the kernel
 * sends a child its parent death signal when the starting thread ends, not the process.
 */
public final class ChildStarter {
  private static final long MAX_LOG_BYTES = 8L * 1024 * 1024;

  private final LinkedBlockingQueue<Runnable> requests = new LinkedBlockingQueue<>();

  public ChildStarter() {
    Thread thread = new Thread(this::serve, "child-starter");
    thread.setDaemon(true);
    thread.start();
  }

  /** Starts the child; it may still fail right after. */
  public Child start(ChildSpec spec) throws IOException, InterruptedException {
    CompletableFuture<Child> started = new CompletableFuture<>();
    requests.add(
        () -> {
          try {
            started.complete(startHere(spec));
          } catch (IOException | RuntimeException e) {
            started.completeExceptionally(e);
          }
        });
    try {
      return started.get();
    } catch (ExecutionException e) {
      throw new IOException("Cannot start " + spec.command().getFirst(), e.getCause());
    }
  }

  private void serve() {
    while (true) {
      try {
        requests.take().run();
      } catch (InterruptedException _) {
        // nobody interrupts this thread on purpose, and the children die with it
      }
    }
  }

  private static Child startHere(ChildSpec spec) throws IOException {
    rotate(spec.log());
    ProcessBuilder builder = new ProcessBuilder(command(spec));
    builder.directory(spec.folder().toFile());
    builder.environment().keySet().retainAll(List.of("PATH", "HOME", "USER", "TMPDIR"));
    builder.environment().putAll(Map.of("LANG", "C.UTF-8", "TZ", "UTC"));
    builder.environment().putAll(spec.environment());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
    long logFrom = Files.exists(spec.log()) ? Files.size(spec.log()) : 0;
    Process process = builder.start();
    process.getOutputStream().close();
    return new Child(process, spec.stopSignal(), spec.log(), logFrom);
  }

  private static List<String> command(ChildSpec spec) {
    List<String> command = new ArrayList<>();
    if (Platform.isLinux()) {
      if (spec.asNobody() && Platform.isRoot()) {
        command.addAll(List.of("unshare", "-U"));
      }
      command.addAll(List.of("setpriv", "--pdeathsig", spec.deathSignal(), "--"));
    }
    command.addAll(spec.command());
    return command;
  }

  private static void rotate(Path log) throws IOException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
      Path older = log.resolveSibling(log.getFileName() + ".1");
      Files.move(log, older, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
