package dev.gpucloud.billing.reconciliation;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.close.CloseParameters;
import dev.gpucloud.billing.reconciliation.ReconciliationView.RunView;
import dev.gpucloud.billing.reconciliation.engine.RunAccount;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What inventory, agents, metering, invoices and the ledger say of an account's month. */
@Path("/api/v1/finance/accounts/{account}/reconciliation")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "close")
class ReconciliationResource {
  private final Transactions transactions;
  private final AccountRepository accounts;
  private final Reconciliations reconciliations;

  ReconciliationResource(
      Transactions transactions, AccountRepository accounts, Reconciliations reconciliations) {
    this.transactions = transactions;
    this.accounts = accounts;
    this.reconciliations = reconciliations;
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(
      summary = "Hold what every party counts of an account's month against each other, by day")
  public Uni<ReconciliationView> reconcile(
      @PathParam("account") String account,
      @QueryParam("month") @Parameter(description = "A Seoul month.", example = "2026-10")
          @Nullable String month) {
    UUID id = CloseParameters.account(account);
    BillingMonth of = CloseParameters.month(month == null ? "" : month);
    return transactions.asPlatform(
        s ->
            load(s, id, of)
                .chain(found -> reconciliations.load(s, found, of))
                .map(m -> ReconciliationView.of(account, m)));
  }

  @GET
  @Path("/{day}")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "The runs of an account on a day in Seoul, by who counts them")
  public Uni<Page<RunView>> reconcileDay(
      @PathParam("account") String account,
      @PathParam("day") @Parameter(example = "2026-10-05") String day,
      @BeanParam PageRequest page) {
    UUID id = CloseParameters.account(account);
    LocalDate of = day(day);
    BillingMonth month = new BillingMonth(YearMonth.from(of));
    String after = page.after().getOrDefault("run", "");
    return transactions
        .asPlatform(s -> load(s, id, month).chain(found -> reconciliations.load(s, found, month)))
        .map(
            m ->
                ReconciliationView.runs(m, of).stream()
                    .sorted(Comparator.comparing((RunAccount r) -> r.run().toString()))
                    .filter(r -> r.run().toString().compareTo(after) > 0)
                    .limit(page.limit())
                    .toList())
        .map(
            (List<RunAccount> runs) ->
                page.page(runs, RunView::of, r -> Map.of("run", r.run().toString())));
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw ProblemType.INVALID_PARAMETER
          .because("A day is a date in Seoul such as 2026-11-24.")
          .at("day", "must be of the form 2026-11-24");
    }
  }

  private Uni<Account> load(Mutiny.Session s, UUID id, BillingMonth month) {
    return accounts
        .byIds(s, Set.of(id))
        .map(found -> found.stream().findFirst().orElseThrow(CloseParameters::noAccount))
        .chain(found -> accounts.asCharged(s, found, month));
  }
}
