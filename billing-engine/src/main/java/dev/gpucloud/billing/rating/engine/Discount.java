package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;

/** A percentage off for all tenants of a kind or segment, from an instant on. */
public record Discount(Scope scope, String name, Rational pct, Instant effectiveFrom) {
  /** What the discount's name names; kinds are applied before segments. */
  public enum Scope {
    KIND,
    SEGMENT
  }
}
