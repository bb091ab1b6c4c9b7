package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.inventory.placement.engine.Rule.Spread;
import dev.gpucloud.inventory.placement.engine.Rule.Within;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Instances of one shape that are placed all or nothing, and {@code spares}: further hosts held
 * ready for them, under the same rules. With {@code onePerHost} no two share a host; a shape that
 * fills its host is alone anyway. Being close together ({@code within}) comes before being spread:
 * a preferred spread is given up before a preferred level is widened.
 */
public record ClusterShape(
    Shape shape,
    int instances,
    int spares,
    boolean onePerHost,
    List<Within> within,
    @Nullable Spread spread) {
  public ClusterShape {
    within = List.copyOf(within);
    if (instances < 1 || spares < 0) {
      throw new IllegalArgumentException(
          "a cluster has an instance or more and no negative spares");
    }
    if (spares > 0 && !onePerHost) {
      throw new IllegalArgumentException("spares are hosts of their own: ask for one per host");
    }
    if (spread != null && spread.minDomains() > instances) {
      throw new IllegalArgumentException("fewer instances than domains to spread them over");
    }
    if (within.stream().map(Within::level).distinct().count() < within.size()) {
      throw new IllegalArgumentException("a level is named twice");
    }
  }

  /** Anywhere in one site. */
  public static ClusterShape of(Shape shape, int instances) {
    return new ClusterShape(shape, instances, 0, false, List.of(), null);
  }

  /** The same, also inside one domain of a level. */
  public ClusterShape within(Level level, Strength strength) {
    List<Within> more = new ArrayList<>(within);
    more.removeIf(rule -> rule.level() == level);
    more.add(new Within(level, strength));
    return new ClusterShape(shape, instances, spares, onePerHost, more, spread);
  }

  public ClusterShape spread(@Nullable Spread over) {
    return new ClusterShape(shape, instances, spares, onePerHost, within, over);
  }

  /** The same with each instance on a host of its own, and {@code hosts} more held. */
  public ClusterShape withSpares(int hosts) {
    return new ClusterShape(shape, instances, hosts, true, within, spread);
  }

  public ClusterShape oneInstancePerHost() {
    return new ClusterShape(shape, instances, spares, true, within, spread);
  }

  /** The same with another number; a preferred spread then asks for no more domains than that. */
  public ClusterShape withInstances(int count) {
    boolean clamped = spread != null && spread.strength() == Strength.PREFERRED;
    Spread over = clamped ? spread.overAtMost(count) : spread;
    return new ClusterShape(shape, count, spares, onePerHost, within, over);
  }

  public ClusterShape withShape(Shape other) {
    return new ClusterShape(other, instances, spares, onePerHost, within, spread);
  }

  /** The same with its hard locality at one level, whatever it was; wishes stay. */
  public ClusterShape requiredWithin(Level level) {
    List<Within> wishes = new ArrayList<>(within);
    wishes.removeIf(rule -> rule.strength() == Strength.REQUIRED);
    ClusterShape wished = new ClusterShape(shape, instances, spares, onePerHost, wishes, spread);
    return wished.within(level, Strength.REQUIRED);
  }

  /** Slots it takes: instances and spares. */
  public int members() {
    return instances + spares;
  }

  /** Bits of host masks it takes in all, in eighths of a GPU: what quota counts. */
  public int slices() {
    return members() * shape.slices();
  }

  /** The narrowest level it must not exceed. */
  public Level required() {
    Level narrowest = Level.SITE;
    for (int n = 0; n < within.size(); n++) {
      Within rule = within.get(n);
      if (rule.strength() == Strength.REQUIRED && narrowest.isWiderThan(rule.level())) {
        narrowest = rule.level();
      }
    }
    return narrowest;
  }

  /** The narrowest level it names: where the search begins. */
  Level narrowest() {
    Level narrowest = Level.SITE;
    for (int n = 0; n < within.size(); n++) {
      Within rule = within.get(n);
      if (narrowest.isWiderThan(rule.level())) {
        narrowest = rule.level();
      }
    }
    return narrowest;
  }

  @Nullable Spread requiredSpread() {
    return spread != null && spread.strength() == Strength.REQUIRED ? spread : null;
  }
}
