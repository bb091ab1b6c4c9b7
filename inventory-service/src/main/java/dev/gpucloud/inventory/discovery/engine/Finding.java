package dev.gpucloud.inventory.discovery.engine;

/** Something that differs from what was announced; the detail is a sentence for an operator. */
public record Finding(Kind kind, String detail) {

  /** What can differ. Some keep a host from going into service. */
  public enum Kind {
    /** Delivered, but not found within the grace time. */
    MISSING_HOST(false),
    /** Found, but no delivery announced it. */
    UNKNOWN_SERIAL(true),
    /** Found, but it was waived or retired. */
    RETIRED_HOST(true),
    /** Found at one site, announced for another. */
    OTHER_SITE(true),
    /** More or fewer GPUs than announced. */
    WRONG_GPU_COUNT(true),
    /** GPUs of another model. */
    WRONG_GPU_MODEL(true),
    /** A GPU that is in another host too, or twice in this one. */
    DUPLICATE_GPU(true),
    /** Another GPU at the place of a known one. */
    GPU_CHANGED(false),
    /** A GPU that failed. */
    UNHEALTHY_GPU(true),
    /** It passed its burn-in, but the power of its rack, hall or site is booked out. */
    NO_POWER(true);

    private final boolean blocking;

    Kind(boolean blocking) {
      this.blocking = blocking;
    }

    /** Whether a host with it stays out of service. */
    public boolean blocks() {
      return blocking;
    }
  }
}
