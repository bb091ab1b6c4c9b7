package dev.gpucloud.billing.close.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Findings are bounded, and what is not shown blocks: no waiver covers what nobody saw. */
public final class Findings {
  /** The most findings of one check that are shown of an account's month. */
  public static final int MOST = 10_000;

  /** How many to ask for: one more than is shown tells that there are more. */
  public static final int ASKED = MOST + 1;

  private Findings() {}

  /** At most {@link #MOST} of each check; one for all that are more of it, which nobody waives. */
  public static List<Finding> bounded(Collection<Finding> all) {
    if (all.size() <= MOST) {
      return List.copyOf(all);
    }
    Map<Check, Integer> counts = new EnumMap<>(Check.class);
    List<Finding> bounded = new ArrayList<>();
    for (Finding each : all) {
      int count = counts.merge(each.code(), 1, Integer::sum);
      if (count <= MOST) {
        bounded.add(each);
      } else if (count == ASKED) {
        bounded.add(more(each.code()));
      }
    }
    return List.copyOf(bounded);
  }

  private static Finding more(Check check) {
    return new Finding(
        Check.MORE_FINDINGS,
        check.name(),
        String.format(
            Locale.ROOT,
            "There are more than %,d findings of %s; mend their cause, they are too many to waive.",
            MOST,
            check),
        Map.of("code", check.name(), "shown", Integer.toString(MOST)));
  }
}
