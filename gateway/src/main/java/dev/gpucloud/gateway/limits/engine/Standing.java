package dev.gpucloud.gateway.limits.engine;

/** How a limit stands after a request: what is left of its allowance and when all of it is back. */
public record Standing(String limit, Allowance allowance, long remaining, long nanosUntilFull) {

  /** Whole seconds until all of the allowance is there again; 0 when it is. */
  public long secondsUntilFull() {
    return nanosUntilFull == 0 ? 0 : Allowance.seconds(nanosUntilFull);
  }
}
