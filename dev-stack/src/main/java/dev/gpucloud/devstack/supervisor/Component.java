package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.layout.StackProblem;
import dev.gpucloud.devstack.process.Child;
import dev.gpucloud.devstack.process.ChildStarter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One part of the stack and the thread that keeps it running: starts it when what it needs is
 * ready, starts it again when it dies, and leaves it alone while somebody has stopped it.
 */
final class Component {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
  private static final Duration STABLE = Duration.ofSeconds(60);
  private static final List<Duration> BACKOFF =
      List.of(
          Duration.ofMillis(200),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10));
  private static final long PROBE_PAUSE_MILLIS = 100;
  private static final int ATTEMPTS_BEFORE_FIRST_READY = 3;
  private static final int SHOWN_LINES = 12;

  private final ComponentPlan plan;
  private final ChildStarter starter;
  private final Reporter reporter;
  private final Consumer<String> onDown;
  private final CompletableFuture<Void> firstReady = new CompletableFuture<>();

  private @Nullable Child child;
  private ComponentState state = ComponentState.WAITING;
  private boolean wanted = true;
  private boolean closed;
  private int restarts;

  Component(ComponentPlan plan, ChildStarter starter, Reporter reporter, Consumer<String> onDown) {
    this.plan = plan;
    this.starter = starter;
    this.reporter = reporter;
    this.onDown = onDown;
  }

  /** What the outside may know of it. */
  record View(
      String name,
      ComponentState state,
      @Nullable Long pid,
      long rssMib,
      int restarts,
      String url) {}

  ComponentPlan plan() {
    return plan;
  }

  /** Completes when the component was ready for the first time, or failed to get there. */
  CompletableFuture<Void> firstReady() {
    return firstReady;
  }

  void runAfter(List<Component> needs) {
    Thread.ofPlatform().daemon().name(plan.name()).start(() -> run(needs));
  }

  synchronized View view() {
    Child current = child;
    boolean alive = current != null && current.isAlive();
    return new View(
        plan.name(),
        state,
        alive ? current.pid() : null,
        alive ? current.residentMib() : 0,
        restarts,
        plan.url());
  }

  synchronized boolean kill() {
    if (child == null || !child.isAlive()) {
      return false;
    }
    child.kill();
    return true;
  }

  synchronized void start() {
    wanted = true;
    notifyAll();
  }

  /** Stops the component until {@link #start}; returns when it has ended. */
  void stop() throws InterruptedException {
    Child current;
    synchronized (this) {
      wanted = false;
      current = child;
      notifyAll();
      if (current == null || !current.isAlive()) {
        return;
      }
      state = ComponentState.STOPPING;
    }
    current.stop(STOP_PATIENCE);
  }

  /** Stops the component for good. */
  void close() throws InterruptedException {
    synchronized (this) {
      closed = true;
    }
    stop();
  }

  private void run(List<Component> needs) {
    try {
      CompletableFuture.allOf(
              needs.stream().map(Component::firstReady).toArray(CompletableFuture<?>[]::new))
          .join();
      int failures = 0;
      while (awaitWanted()) {
        Instant began = Instant.now();
        boolean ready = runOnce();
        onDown.accept(plan.name());
        if (isClosed()) {
          return;
        }
        failures = ready && began.plus(STABLE).isBefore(Instant.now()) ? 0 : failures + 1;
        if (!firstReady.isDone() && failures >= ATTEMPTS_BEFORE_FIRST_READY) {
          throw new StackProblem(StackProblem.COMPONENT_FAILED, failure("does not start"));
        }
        pauseBeforeRestart(failures);
      }
    } catch (CompletionException e) {
      fail(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(e);
    } catch (Exception e) {
      fail(e);
    }
  }

  /** Runs the component until it ends; true when it was ready in between. */
  private boolean runOnce() throws Exception {
    long began = System.nanoTime();
    if (!firstReady.isDone()) {
      reporter.started(plan.title());
    }
    set(ComponentState.STARTING);
    Child started = starter.start(plan.preparation().prepare());
    synchronized (this) {
      child = started;
    }
    if (!isWanted()) {
      started.stop(STOP_PATIENCE);
    }
    boolean ready = awaitReady(started);
    if (ready) {
      if (!firstReady.isDone()) {
        plan.afterFirstReady().run();
        reporter.done(plan.title(), Duration.ofNanos(System.nanoTime() - began));
        firstReady.complete(null);
      }
      set(ComponentState.READY);
    }
    started.await();
    return ready;
  }

  private boolean awaitReady(Child started) throws InterruptedException {
    Instant deadline = Instant.now().plus(plan.patience());
    while (started.isAlive()) {
      if (plan.probe().getAsBoolean()) {
        return started.isAlive();
      }
      if (Instant.now().isAfter(deadline)) {
        started.kill();
        throw new StackProblem(
            StackProblem.COMPONENT_FAILED,
            failure("was not ready after " + plan.patience().toSeconds() + " s"));
      }
      Thread.sleep(PROBE_PAUSE_MILLIS);
    }
    return false;
  }

  private synchronized boolean awaitWanted() throws InterruptedException {
    while (!wanted && !closed) {
      state = ComponentState.STOPPED;
      wait();
    }
    return !closed;
  }

  private synchronized void pauseBeforeRestart(int failures) throws InterruptedException {
    if (!wanted || closed) {
      return;
    }
    state = ComponentState.RESTARTING;
    restarts++;
    wait(BACKOFF.get(Math.clamp(failures - 1L, 0, BACKOFF.size() - 1)).toMillis());
  }

  private synchronized void set(ComponentState next) {
    state = next;
  }

  private synchronized boolean isWanted() {
    return wanted;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void fail(Throwable cause) {
    set(ComponentState.FAILED);
    if (!isClosed()) {
      cause.printStackTrace();
    }
    firstReady.completeExceptionally(cause);
  }

  private synchronized String failure(String what) {
    StringBuilder text = new StringBuilder(plan.title()).append(' ').append(what).append('.');
    if (child != null) {
      text.append(" Last lines of ").append(child.log()).append(":\n").append(tail(child));
    }
    return text.toString();
  }

  private static String tail(Child failed) {
    try {
      return String.join("\n", failed.lastLines(SHOWN_LINES)).indent(4);
    } catch (IOException e) {
      return "    (" + e.getMessage() + ")";
    }
  }
}
