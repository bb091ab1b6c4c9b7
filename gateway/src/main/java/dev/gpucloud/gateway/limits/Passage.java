package dev.gpucloud.gateway.limits;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request that the limits let in, until it is over. */
public final class Passage {
  private final Consumer<String> learned;
  private final Runnable left;

  Passage(Consumer<String> learned, Runnable left) {
    this.learned = learned;
    this.left = left;
  }

  /** The service let the caller in to this tenant; null when it did not say. */
  public void answered(@Nullable String tenant) {
    if (tenant != null) {
      learned.accept(tenant);
    }
  }

  /** The request is over; called once. */
  public void over() {
    left.run();
  }
}
