package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * On which hosts something may be placed beside what is there: never on those to be avoided or
 * dedicated to another tenant; with {@code apart} away from its group; {@code dedicated} only on
 * hosts that are empty or dedicated to {@code tenant} already.
 */
public record Terms(
    Set<HostId> avoid, @Nullable String tenant, @Nullable Apart apart, boolean dedicated) {
  public static final Terms NONE = new Terms(Set.of(), null, null, false);

  public Terms {
    avoid = Set.copyOf(avoid);
    if (dedicated && tenant == null) {
      throw new IllegalArgumentException("a host is dedicated to a tenant");
    }
  }

  /** Of nobody in particular. */
  public static Terms avoiding(Set<HostId> hosts) {
    return hosts.isEmpty() ? NONE : new Terms(hosts, null, null, false);
  }

  /** The same without what is only preferred. */
  Terms required() {
    boolean wished = apart != null && apart.strength() == Strength.PREFERRED;
    return wished ? new Terms(avoid, tenant, null, dedicated) : this;
  }

  /** What a slot taken under these terms says to the next. */
  @Nullable Mark mark() {
    return Mark.of(apart == null ? null : apart.group(), dedicated ? tenant : null);
  }
}
