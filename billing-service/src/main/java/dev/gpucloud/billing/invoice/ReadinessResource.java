package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.close.Readiness;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.References;
import dev.gpucloud.kit.access.TenantRef;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Shows what stands against closing a month. */
@Path("/api/v1/finance/months/{month}/readiness")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class ReadinessResource {
  private final Transactions transactions;
  private final References references;
  private final AccountRepository accounts;
  private final InvoiceRepository invoices;
  private final Readiness readiness;

  ReadinessResource(
      Transactions transactions,
      References references,
      AccountRepository accounts,
      InvoiceRepository invoices,
      Readiness readiness) {
    this.transactions = transactions;
    this.references = references;
    this.accounts = accounts;
    this.invoices = invoices;
    this.readiness = readiness;
  }

  /** The checklist; {@code invoice} names the month's invoice once there is one. */
  @Schema(name = "MonthReadiness")
  record ReadinessView(
      String tenant,
      BillingMonth month,
      boolean ready,
      List<BlockerView> blockers,
      @Nullable InvoiceId invoice) {}

  /** Something that stands against a draft; code and subject name it in a waiver. */
  @Schema(name = "Blocker")
  record BlockerView(String code, String subject, String detail, Map<String, String> params) {
    static BlockerView of(Finding f) {
      return new BlockerView(f.code().name(), f.subject(), f.detail(), f.params());
    }
  }

  private record Found(
      TenantRef tenant, Optional<Account> account, Optional<InvoiceEntity> invoice) {}

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List every blocker of a tenant's month")
  public Uni<ReadinessView> show(
      @PathParam("month") String monthText,
      @QueryParam("tenant") @Parameter(description = "Needed. Id or slug.", example = "sk-hynix")
          @Nullable String tenant) {
    BillingMonth month = InvoiceParameters.month(monthText);
    if (tenant == null) {
      throw ProblemType.INVALID_PARAMETER
          .because("The query names a tenant by id or slug.")
          .at("tenant", "is missing");
    }
    return find(tenant, month)
        .chain(
            found ->
                blockers(found, month)
                    .map(
                        blockers ->
                            new ReadinessView(
                                found.tenant().slug(),
                                month,
                                blockers.isEmpty(),
                                blockers.stream().map(BlockerView::of).toList(),
                                found.invoice().map(e -> new InvoiceId(e.id)).orElse(null))));
  }

  private Uni<List<Finding>> blockers(Found found, BillingMonth month) {
    return found
        .account()
        .map(account -> readiness.check(account, month))
        .orElseGet(() -> Uni.createFrom().item(List.of(Readiness.noAccount(found.tenant()))));
  }

  private Uni<Found> find(String tenant, BillingMonth month) {
    return transactions.asPlatform(
        s ->
            references
                .findTenant(s, tenant)
                .map(
                    found ->
                        found.orElseThrow(
                            () -> ProblemType.NOT_FOUND.because("There is no such tenant.")))
                .chain(
                    ref ->
                        accounts
                            .findByTenant(s, ref.id())
                            .chain(
                                account ->
                                    account.isEmpty()
                                        ? Uni.createFrom()
                                            .item(new Found(ref, account, Optional.empty()))
                                        : invoices
                                            .findOf(
                                                s, List.of(account.get().id()), month.toString())
                                            .map(
                                                found ->
                                                    new Found(
                                                        ref,
                                                        account,
                                                        found.values().stream().findFirst())))));
  }
}
