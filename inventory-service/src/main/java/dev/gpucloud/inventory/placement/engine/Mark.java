package dev.gpucloud.inventory.placement.engine;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What a slot means for those that come after it: the group whose members stand apart from it, and
 * the tenant that its host is dedicated to while it is held.
 */
public record Mark(@Nullable String group, @Nullable String dedicatedTo) {
  static final Comparator<Mark> ORDER =
      Comparator.comparing((Mark mark) -> mark.group() == null ? "" : mark.group())
          .thenComparing(mark -> mark.dedicatedTo() == null ? "" : mark.dedicatedTo());

  /** A mark that says something, or null. */
  public static @Nullable Mark of(@Nullable String group, @Nullable String dedicatedTo) {
    return group == null && dedicatedTo == null ? null : new Mark(group, dedicatedTo);
  }
}
