package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * On which hosts something may be placed beside what is there: never on those to be avoided or
 * dedicated to another tenant; with {@code apart} away from its group; {@code dedicated} only on
 * hosts that are empty or dedicated to {@code tenant} already; with {@code anchor} only where that
 * holds.
 */
public record Terms(
    Set<HostId> avoid,
    @Nullable String tenant,
    @Nullable Apart apart,
    boolean dedicated,
    @Nullable Anchor anchor) {
  public static final Terms NONE = new Terms(Set.of(), null, null, false);

  public Terms {
    avoid = Set.copyOf(avoid);
    if (dedicated && tenant == null) {
      throw new IllegalArgumentException("a host is dedicated to a tenant");
    }
  }

  /** Held to no cluster. */
  public Terms(
      Set<HostId> avoid, @Nullable String tenant, @Nullable Apart apart, boolean dedicated) {
    this(avoid, tenant, apart, dedicated, null);
  }

  /** Of nobody in particular. */
  public static Terms avoiding(Set<HostId> hosts) {
    return hosts.isEmpty() ? NONE : new Terms(hosts, null, null, false);
  }

  /** The same without what is only preferred. */
  Terms required() {
    Terms less = this;
    for (Terms next = less.relaxed(); next != less; next = less.relaxed()) {
      less = next;
    }
    return less;
  }

  /**
   * The same without the next of what is only preferred, or itself: being apart is given up before
   * being where the cluster is.
   */
  Terms relaxed() {
    if (apart != null && apart.strength() == Strength.PREFERRED) {
      return new Terms(avoid, tenant, null, dedicated, anchor);
    }
    return anchor != null && anchor.isWished()
        ? new Terms(avoid, tenant, apart, dedicated, anchor.wider())
        : this;
  }

  /** What a slot taken under these terms says to the next. */
  @Nullable Mark mark() {
    return Mark.of(apart == null ? null : apart.group(), dedicated ? tenant : null);
  }
}
