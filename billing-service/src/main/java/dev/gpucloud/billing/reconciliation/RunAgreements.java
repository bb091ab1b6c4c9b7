package dev.gpucloud.billing.reconciliation;

import dev.gpucloud.billing.booked.BookedDay;
import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.billing.reconciliation.engine.ReconciliationEngine;
import dev.gpucloud.billing.reconciliation.engine.RunWitness;
import dev.gpucloud.billing.reconciliation.engine.RunWitness.Billed;
import dev.gpucloud.billing.reconciliation.engine.RunWitness.Stretch;
import dev.gpucloud.billing.reconciliation.engine.Window;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** Whether all parties say the same of runs that are over, before anybody is billed for them. */
@ApplicationScoped
public class RunAgreements {
  private final WitnessRepository witnesses;
  private final ReconciliationEngine engine;

  RunAgreements(WitnessRepository witnesses, ReconciliationConfig config) {
    this.witnesses = witnesses;
    this.engine = new ReconciliationEngine(config.agentTolerance());
  }

  /**
   * What the parties say together.
   *
   * @param agree whether nobody says anything else
   * @param runs that were looked at
   * @param silent those that no agent ever reported
   */
  public record Verdict(boolean agree, int runs, int silent) {}

  /** What is known of some runs. */
  public final class Loaded {
    private final Map<RunId, Known> known;
    private final Set<UUID> strays;
    private final Witnesses all;

    private Loaded(WitnessRepository.OfDays read, BillingMonth month, Instant now) {
      this.known = read.runs();
      this.strays = read.strays();
      this.all = new Witnesses(month, now);
    }

    /** Whether inventory told of a run of the tenant that metering does not know. */
    public boolean hasStrays(UUID tenant) {
      return strays.contains(tenant);
    }

    /** Compares some of the runs with the rows that are to be billed for them. */
    public Verdict look(Collection<UUID> runs, List<Part> rows) {
      Map<RunId, List<Stretch>> billed =
          rows.stream()
              .map(Part::row)
              .collect(
                  Collectors.groupingBy(
                      RatedRow::runId,
                      Collectors.mapping(
                          r -> new Stretch(r.start(), r.end(), r.paddingMillis()),
                          Collectors.toList())));
      var window = new Window(all.month().start(), all.month().end());
      boolean agree = true;
      int silent = 0;
      for (UUID id : runs) {
        var run = new RunId(id);
        Known of = known.get(run);
        if (of == null || of.life.startedAt() == null || of.life.stoppedAt() == null) {
          return new Verdict(false, runs.size(), 0);
        }
        RunWitness witness = all.witness(run, of, Billed.of(billed.getOrDefault(run, List.of())));
        agree = agree && engine.differences(witness, window).isEmpty();
        silent += Reconciliations.isSilent(witness) ? 1 : 0;
      }
      return new Verdict(agree, runs.size(), silent);
    }
  }

  /** Reads what is known of the runs of some days; {@code now} is the business clock's. */
  public Uni<Loaded> load(
      Mutiny.Session s,
      List<BookedDay> days,
      Collection<UUID> runs,
      BillingMonth month,
      Instant now) {
    return witnesses.load(s, days, runs).map(read -> new Loaded(read, month, now));
  }
}
