package dev.gpucloud.inventory.spend;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.SpendBudgetId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What budgets of won stop now, in memory, so that a request pays nothing for it: every replica
 * reads it each second. A budget is spent seconds before it is known to be, so one second more
 * decides nothing; the budget of GPU-hours is the exact one.
 */
@ApplicationScoped
public class SpendStops {
  private static final Logger LOG = Logger.getLogger(SpendStops.class);
  private static final String IN_FORCE =
      """
      select budget_id, cast(tenant_id as text), cast(project_id as text), name, month, amount_krw,
        spent_krw, stop_at_percent, cast(extract(epoch from ends_at) as bigint)
      from spend_stop order by ends_at, budget_id""";

  private final Transactions transactions;
  private final InstantSource clock;
  private volatile Map<UUID, List<SpendStop>> byScope = Map.of();

  SpendStops(Transactions transactions, @Business InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * Refuses what would be new at a project of a tenant.
   *
   * @throws ProblemException BUDGET_SPENT, naming the budget that stops it
   */
  public void require(TenantId tenant, ProjectId project) {
    refuse(project.value(), tenant.value());
  }

  /**
   * Refuses what would be new at a project, although it is not at its tenant.
   *
   * @throws ProblemException BUDGET_SPENT, naming the budget that stops it
   */
  public void require(ProjectId project) {
    refuse(project.value());
  }

  private void refuse(UUID... scopes) {
    Instant now = clock.instant();
    Stream.of(scopes)
        .flatMap(scope -> byScope.getOrDefault(scope, List.of()).stream())
        .filter(stop -> stop.endsAt().isAfter(now))
        .findFirst()
        .ifPresent(
            stop -> {
              throw stop.refusal();
            });
  }

  /** What was read last holds while the database does not answer. */
  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> keepFresh() {
    return refresh()
        .onFailure()
        .invoke(f -> LOG.warnf("stops by budgets are not refreshed: %s", f.toString()))
        .onFailure()
        .recoverWithNull();
  }

  Uni<Void> refresh() {
    return transactions
        .readAsSystem(s -> Sql.rows(s, IN_FORCE))
        .invoke(
            rows ->
                byScope =
                    rows.stream()
                        .map(SpendStops::stop)
                        .collect(Collectors.groupingBy(SpendStop::scope)))
        .replaceWithVoid();
  }

  private static SpendStop stop(@Nullable Object[] row) {
    String project = (String) row[2];
    return new SpendStop(
        new SpendBudgetId(UUID.fromString(String.valueOf(row[0]))),
        new TenantId(UUID.fromString(String.valueOf(row[1]))),
        project == null ? null : new ProjectId(UUID.fromString(project)),
        String.valueOf(row[3]),
        String.valueOf(row[4]),
        number(row[5]),
        number(row[6]),
        (int) number(row[7]),
        Instant.ofEpochSecond(number(row[8])));
  }

  private static long number(@Nullable Object column) {
    return column instanceof Number n ? n.longValue() : 0;
  }
}
