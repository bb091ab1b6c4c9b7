package dev.gpucloud.tenant.grants.engine;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Makes scores of strict and of kind reviewers comparable. Each reviewer's scores are moved to a
 * middle of 50 and stretched to a standard deviation of 10 points; an application has the mean of
 * its reviewers. Whoever gave one score only, or the same to all, tells nothing: 50. Sums are whole
 * numbers, so the order of the scores makes no difference.
 */
public final class Scores {
  private static final long MIDDLE_MILLIS = 50_000;
  private static final double DEVIATION_MILLIS = 10_000;

  private Scores() {}

  /** A review's score, 0 to 100 points. */
  public record Score(UUID application, String reviewer, int points) {}

  /** The mean of an application in thousandths of a point, and of how many reviews. */
  public record Mean(long millis, int reviews) {}

  private static final class Sums {
    long count;
    long sum;
    long squares;

    void add(long value) {
      count++;
      sum += value;
      squares += value * value;
    }

    /** Count times the value less the sum, in standard deviations. */
    long normalised(int points) {
      long spread = count * squares - sum * sum;
      if (spread == 0) {
        return MIDDLE_MILLIS;
      }
      double deviations = (count * points - sum) / Math.sqrt(spread);
      return MIDDLE_MILLIS + Math.round(deviations * DEVIATION_MILLIS);
    }
  }

  /** The normalised mean of every application that was reviewed. */
  public static Map<UUID, Mean> normalised(Collection<Score> scores) {
    Map<String, Sums> reviewers = new HashMap<>();
    scores.forEach(
        score -> reviewers.computeIfAbsent(score.reviewer(), r -> new Sums()).add(score.points()));
    Map<UUID, Sums> applications = new HashMap<>();
    for (Score score : scores) {
      Sums reviewer = reviewers.get(score.reviewer());
      if (reviewer != null) {
        applications
            .computeIfAbsent(score.application(), a -> new Sums())
            .add(reviewer.normalised(score.points()));
      }
    }
    Map<UUID, Mean> means = new HashMap<>();
    applications.forEach(
        (application, sums) ->
            means.put(
                application, new Mean(Math.floorDiv(sums.sum, sums.count), (int) sums.count)));
    return means;
  }
}
