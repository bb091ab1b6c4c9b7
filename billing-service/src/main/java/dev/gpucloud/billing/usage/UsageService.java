package dev.gpucloud.billing.usage;

import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.statement.StatementService;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rates what a tenant used in a month from what is metered now, whoever asks. */
@ApplicationScoped
class UsageService {
  private final Transactions transactions;
  private final AccountRepository accounts;
  private final StatementService statements;
  private final InstantSource clock;

  UsageService(
      Transactions transactions,
      AccountRepository accounts,
      StatementService statements,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.accounts = accounts;
    this.statements = statements;
    this.clock = clock;
  }

  /**
   * A tenant's month, so far when it is the current one.
   *
   * @param asked the month; null for the current one
   * @param of finds the tenant
   * @param project of which alone; null for all
   */
  Uni<UsageView> usage(
      @Nullable String asked,
      Function<Mutiny.Session, Uni<TenantId>> of,
      @Nullable ProjectId project,
      PageRequest page) {
    Instant now = clock.instant();
    BillingMonth month = asked == null ? BillingMonth.of(now) : month(asked);
    Instant from = month.start();
    Instant through = now.isBefore(month.end()) ? (now.isBefore(from) ? from : now) : month.end();
    return transactions
        .asPlatform(s -> of.apply(s).chain(tenant -> load(s, tenant, month)))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(
            read ->
                read.inputs()
                    .map(found -> view(found, read.tenant(), through, project, page))
                    .orElseGet(() -> UsageView.none(month, through, page)));
  }

  private record Read(TenantId tenant, Optional<StatementService.Inputs> inputs) {}

  /** The whole account's, for it shares commitments and tiers; shown is the tenant's own. */
  private Uni<Read> load(Mutiny.Session s, TenantId tenant, BillingMonth month) {
    return accounts
        .findByTenant(s, tenant)
        .chain(
            account ->
                account.isEmpty()
                    ? Uni.createFrom().item(new Read(tenant, Optional.empty()))
                    : statements
                        .loadSoFar(s, account.get(), month)
                        .map(inputs -> new Read(tenant, Optional.of(inputs))));
  }

  private static UsageView view(
      StatementService.Inputs inputs,
      TenantId tenant,
      Instant through,
      @Nullable ProjectId project,
      PageRequest page) {
    StatementService.Used used = inputs.used(tenant, through);
    List<Part> parts =
        used.parts().stream()
            .filter(p -> project == null || p.row().scope().projectId().equals(project))
            .toList();
    Map<RunId, Instant> ends = new HashMap<>();
    for (RunUsage run : inputs.runs()) {
      if (run.end() != null && !run.end().isAfter(through)) {
        ends.put(run.runId(), run.end());
      }
    }
    return UsageView.of(inputs.month(), through, parts, used.unpriced(), ends, page);
  }

  /** A month of the query, or INVALID_PARAMETER. */
  private static BillingMonth month(String text) {
    try {
      return BillingMonth.parse(text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PARAMETER
          .because("month is a Seoul calendar month such as 2026-11.")
          .at("month", "must be of the form 2026-11");
    }
  }
}
