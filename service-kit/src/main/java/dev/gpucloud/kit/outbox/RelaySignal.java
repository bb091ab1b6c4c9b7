package dev.gpucloud.kit.outbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells the relay that something may have been committed, so that it need not wait for its poll.
 */
@ApplicationScoped
public class RelaySignal {
  private final AtomicBoolean appended = new AtomicBoolean();
  private volatile Runnable listener = () -> {};

  void appended() {
    appended.set(true);
  }

  void listen(Runnable onNudge) {
    listener = onNudge;
  }

  /** Called after a commit; cheap when nothing was appended. */
  public void nudge() {
    if (appended.getAndSet(false)) {
      listener.run();
    }
  }
}
