package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.correction.LateUsage.Month;
import dev.gpucloud.billing.correction.engine.LatePolicy;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Late usage that nobody was charged for yet. */
@Path("/api/v1/finance/late-usage")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class LateUsageResource {
  private final Transactions transactions;
  private final AccountRepository accounts;
  private final LateUsage late;
  private final LateUsageRepository repository;
  private final InstantSource clock;

  LateUsageResource(
      Transactions transactions,
      AccountRepository accounts,
      LateUsage late,
      LateUsageRepository repository,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.accounts = accounts;
    this.late = late;
    this.repository = repository;
    this.clock = clock;
  }

  private record Read(Account account, LatePolicy policy, List<Month> months) {
    List<LateUsageView> views() {
      return months.stream()
          .map(month -> LateUsage.found(month, policy, account.mode()))
          .flatMap(Optional::stream)
          .map(found -> LateUsageView.of(account, found))
          .toList();
    }
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(
      summary = "List what arrived late for closed months and is on no issued invoice or note yet",
      description =
          "By account and month. pageSize counts accounts that are looked at, so that a page may"
              + " have fewer items, or none, and another one follow.")
  public Uni<Page<LateUsageView>> lateUsage(@BeanParam PageRequest page) {
    String after = page.after().getOrDefault("number", "");
    return transactions
        .asPlatform(s -> accounts.list(s, after, page.limit()))
        .map(all -> page.page(all, a -> a, a -> Map.of("number", a.businessNumber())))
        .chain(
            looked ->
                Multi.createFrom()
                    .iterable(looked.items())
                    .onItem()
                    .transformToUniAndConcatenate(this::of)
                    .collect()
                    .asList()
                    .map(
                        all ->
                            new Page<>(
                                all.stream().flatMap(List::stream).toList(),
                                looked.nextPageToken())));
  }

  private Uni<List<LateUsageView>> of(Account account) {
    BillingMonth next = BillingMonth.of(clock.instant()).next();
    return transactions
        .asPlatform(
            s ->
                late.months(s, account, next)
                    .chain(
                        months ->
                            repository
                                .policy(s, account.id())
                                .map(v -> new Read(account, v.policy(), months))))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(Read::views);
  }
}
