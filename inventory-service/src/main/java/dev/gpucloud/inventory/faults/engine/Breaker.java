package dev.gpucloud.inventory.faults.engine;

/**
 * Stops faults from emptying a site. It opens when the faults of a site have taken more hosts or
 * GPUs out within a while than is believable, and stays open until somebody resets it.
 */
public record Breaker(int hostLimit, int gpuLimit) {
  /** Rejects limits that would let nothing pass. */
  public Breaker {
    if (hostLimit < 1 || gpuLimit < 1) {
      throw new IllegalArgumentException("a breaker lets at least one pass");
    }
  }

  /** A site's breaker now: whether it is open, and what passed lately. */
  public record Reading(boolean open, long hosts, long gpus) {}

  /** What the breaker says to one more. */
  public enum Answer {
    /** It may act. */
    PASSES,
    /** It is one too many: the breaker is open from now on, and nothing is done. */
    OPENS,
    /** The breaker was open before. */
    IS_OPEN
  }

  /** Asks for one more host or GPU to be taken out. */
  public Answer ask(Reading now, boolean wholeHost) {
    if (now.open()) {
      return Answer.IS_OPEN;
    }
    boolean full = wholeHost ? now.hosts() >= hostLimit : now.gpus() >= gpuLimit;
    return full ? Answer.OPENS : Answer.PASSES;
  }
}
