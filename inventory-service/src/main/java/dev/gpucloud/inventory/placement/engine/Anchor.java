package dev.gpucloud.inventory.placement.engine;

import java.util.List;

/**
 * Where the cluster of an instance stands, for when the instance is placed again: the {@code
 * domain} of {@code level} at {@code site}. It stays in the domain around that one of each level of
 * {@code within}, narrowest first; all but the last are only wished for.
 */
public record Anchor(String site, Level level, String domain, List<Level> within) {
  public Anchor {
    within = within.stream().distinct().sorted().toList();
    if (within.isEmpty() || level.isWiderThan(within.getFirst())) {
      throw new IllegalArgumentException("an anchor holds at its own level or at wider ones");
    }
  }

  /** The level at whose domain it must stay. */
  public Level required() {
    return within.getLast();
  }

  /** The level at whose domain it is to stay now. */
  Level narrowest() {
    return within.getFirst();
  }

  boolean isWished() {
    return within.size() > 1;
  }

  /** The same without its narrowest wish. */
  Anchor wider() {
    return new Anchor(site, level, domain, within.subList(1, within.size()));
  }
}
