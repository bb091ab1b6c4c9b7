package dev.gpucloud.billing.account;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The legal entities that are charged. */
@Path("/api/v1/finance/accounts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class AccountsResource {
  private final Transactions transactions;
  private final AccountRepository accounts;

  AccountsResource(Transactions transactions, AccountRepository accounts) {
    this.transactions = transactions;
    this.accounts = accounts;
  }

  /** An account with the tenants whose usage it pays. */
  @Schema(name = "BillingAccount")
  record AccountView(
      String id, String businessNumber, String name, String mode, List<TenantView> tenants) {
    @Schema(name = "BillingAccountTenant")
    record TenantView(TenantId id, String slug, String name) {}

    static AccountView of(Account a) {
      return new AccountView(
          a.id().toString(),
          a.businessNumber(),
          a.name(),
          a.mode().name(),
          a.tenants().stream().map(t -> new TenantView(t.id(), t.slug(), t.name())).toList());
    }
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List billing accounts by business number")
  public Uni<Page<AccountView>> list(@BeanParam PageRequest page) {
    String after = page.after().getOrDefault("number", "");
    return transactions
        .asPlatform(s -> accounts.list(s, after, page.limit()))
        .map(found -> page.page(found, AccountView::of, a -> Map.of("number", a.businessNumber())));
  }
}
