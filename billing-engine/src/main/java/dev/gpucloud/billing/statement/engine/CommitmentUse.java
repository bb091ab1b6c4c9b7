package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.contracts.money.Rational;

/** How a month used a commitment; {@code committedHours = usedHours + unusedHours}. */
public record CommitmentUse(
    UsageCommitment commitment, Rational committedHours, Rational usedHours) {
  public Rational unusedHours() {
    return committedHours.subtract(usedHours);
  }

  /** What is paid, used or not. */
  public Rational fee() {
    return committedHours.multiply(commitment.priceKrwPerHour());
  }

  /** The part of the fee that stands for usage. */
  public Rational effective() {
    return usedHours.multiply(commitment.priceKrwPerHour());
  }

  public Rational unused() {
    return unusedHours().multiply(commitment.priceKrwPerHour());
  }
}
