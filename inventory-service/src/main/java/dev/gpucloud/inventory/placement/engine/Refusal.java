package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Why nothing could be placed: how many hosts there are, how many each constraint removed (their
 * sum is {@code hosts}), and what would fit instead.
 */
public record Refusal(int hosts, Map<Constraint, Integer> removed, List<Alternative> alternatives) {
  public Refusal {
    removed = Map.copyOf(removed);
    alternatives = List.copyOf(alternatives);
  }

  /**
   * A time that has passed promises nothing: such deliveries are overdue and come last, and work
   * that is over by the clock has given nothing back yet.
   */
  public Refusal asOf(Instant now) {
    LocalDate today = LocalDate.ofInstant(now, BillingMonth.ZONE);
    List<Alternative> standing = new ArrayList<>();
    List<Alternative> overdue = new ArrayList<>();
    for (Alternative alternative : alternatives) {
      if (alternative instanceof Alternative.Later(var id, var site, var due, int gpus)
          && due.isBefore(today)) {
        overdue.add(new Alternative.Overdue(id, site, due, gpus));
      } else if (!(alternative instanceof Alternative.Returning back) || back.at().isAfter(now)) {
        standing.add(alternative);
      }
    }
    standing.addAll(overdue);
    return new Refusal(hosts, removed, standing);
  }

  /** What an instance can ask for and do without. */
  public enum Wish {
    ANTI_AFFINITY,
    DEDICATION
  }

  /** Something else that would do. */
  public sealed interface Alternative {
    /** A smaller type of the same model that fits now; {@code instances} of it. */
    record SmallerType(String instanceType, int instances) implements Alternative {}

    /** The same type at another site that may take it; {@code instances} of it. */
    record OtherSite(String site, int instances) implements Alternative {}

    /** A cluster of only so many instances, inside one domain of a level of the site. */
    record FewerInstances(String site, Level level, int instances) implements Alternative {}

    /**
     * The whole cluster inside one domain of a wider level of the site, over {@code domains} of the
     * level that was required.
     */
    record WiderLevel(String site, Level level, int domains) implements Alternative {}

    /** The same at the sites asked for without a wish of its own; {@code instances} of it. */
    record Relaxed(Wish wish, int instances) implements Alternative {}

    /** A delivery that is due: {@code gpus} more of the model at the site. */
    record Later(String delivery, String site, LocalDate due, int gpus) implements Alternative {}

    /** Hosts of the site that come back from planned work: {@code instances} fit from then on. */
    record Returning(String site, Instant at, int instances) implements Alternative {}

    /** A delivery that was due and is not in service: nobody knows when it will be. */
    record Overdue(String delivery, String site, LocalDate since, int gpus)
        implements Alternative {}
  }
}
