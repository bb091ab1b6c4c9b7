package dev.gpucloud.benchmarks.grants;

import dev.gpucloud.tenant.grants.engine.AwardEngine;
import dev.gpucloud.tenant.grants.engine.Candidate;
import dev.gpucloud.tenant.grants.engine.Verdict;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Awards the first round for several seeds and prints a line of CSV for each: what was asked for
 * and given, and how long scores and awards took. Ends with 1 when a total is not the round's.
 */
public final class GrantsBenchmark {
  private static final int HOST_GPUS = 8;
  private static final double NANOS_PER_MILLI = 1e6;
  private final PrintStream out;
  private final PrintStream progress;

  private GrantsBenchmark(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /** Number of seeds, 20 without one. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) {
    int seeds = arguments.length == 0 ? 20 : Integer.parseInt(arguments[0]);
    System.exit(new GrantsBenchmark(System.out, System.err).run(seeds) ? 0 : 1);
  }

  private boolean run(int seeds) {
    out.println(
        "seed,applications,asked_gpus,reviews,awards,gpus,hosts,academia,industry,research,"
            + "regional_pct,milliseconds");
    boolean all = true;
    for (int seed = 1; seed <= seeds; seed++) {
      FirstRound round = FirstRound.of(seed);
      long start = System.nanoTime();
      List<Candidate> candidates = round.candidates();
      List<Verdict> verdicts = AwardEngine.award(FirstRound.rules(), candidates);
      double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
      Totals totals = Totals.of(candidates, verdicts);
      all &= totals.areTheRounds();
      out.println(totals.line(seed, round.reviews(), millis));
      progress.printf("%d of %d seeds%n", seed, seeds);
    }
    return all;
  }

  /** What a round came to. */
  record Totals(
      int applications,
      int askedGpus,
      int awards,
      int gpus,
      Map<String, Integer> hosts,
      int regionalGpus) {
    static Totals of(List<Candidate> candidates, List<Verdict> verdicts) {
      Map<UUID, Candidate> byId = new HashMap<>();
      candidates.forEach(c -> byId.put(c.id(), c));
      Map<String, Integer> hosts = new HashMap<>();
      int awards = 0;
      int gpus = 0;
      int regional = 0;
      for (Verdict verdict : verdicts) {
        Candidate candidate = byId.get(verdict.application());
        if (candidate == null || !verdict.awarded()) {
          continue;
        }
        awards++;
        gpus += verdict.gpus();
        regional += candidate.regional() ? verdict.gpus() : 0;
        hosts.merge(candidate.category(), verdict.gpus() / HOST_GPUS, Integer::sum);
      }
      int asked = candidates.stream().mapToInt(Candidate::askedGpus).sum();
      return new Totals(candidates.size(), asked, awards, gpus, hosts, regional);
    }

    boolean areTheRounds() {
      return applications == FirstRound.APPLICATIONS
          && askedGpus == FirstRound.ASKED_GPUS
          && awards == FirstRound.AWARDS
          && gpus == FirstRound.POOL_GPUS
          && hosts.equals(Map.of("ACADEMIA", 328, "ENTERPRISE", 161, "RESEARCH", 39));
    }

    String line(int seed, int reviews, double millis) {
      return String.format(
          Locale.ROOT,
          "%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%.1f,%.1f",
          seed,
          applications,
          askedGpus,
          reviews,
          awards,
          gpus,
          gpus / HOST_GPUS,
          hosts.getOrDefault("ACADEMIA", 0),
          hosts.getOrDefault("ENTERPRISE", 0),
          hosts.getOrDefault("RESEARCH", 0),
          100.0 * regionalGpus / Math.max(1, gpus),
          millis);
    }
  }
}
