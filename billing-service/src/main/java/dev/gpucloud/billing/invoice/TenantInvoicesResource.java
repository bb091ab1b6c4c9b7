package dev.gpucloud.billing.invoice;

import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** A tenant's own invoices and its part of those it shares, from their issue on. */
@Path("/api/v1/tenants/{tenant}/invoices")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "invoices")
class TenantInvoicesResource {
  private static final String VISIBLE = "ISSUED";

  private final Transactions transactions;
  private final InvoiceViews views;
  private final InvoiceRepository invoices;
  private final Caller caller;

  TenantInvoicesResource(
      Transactions transactions, InvoiceViews views, InvoiceRepository invoices, Caller caller) {
    this.transactions = transactions;
    this.views = views;
    this.invoices = invoices;
    this.caller = caller;
  }

  @GET
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(
      summary = "List issued invoices, newest first, without their lines",
      description =
          "Those issued to the tenant, and its part of those that charged it and were issued to"
              + " another tenant of its business number.")
  public Uni<Page<InvoiceView>> list(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @QueryParam("month") @Nullable String month,
      @BeanParam PageRequest page) {
    var tenantId = caller.scope().tenantId();
    var filter =
        new InvoiceRepository.Filter(
            null, tenantId.value(), InvoiceParameters.monthOrNull(month), VISIBLE);
    UUID after = InvoiceParameters.afterOrNull(page.after().get("id"));
    return transactions.asTenant(
        tenantId,
        s ->
            invoices
                .listOf(s, tenantId.value(), filter, after, page.limit())
                .chain(
                    found ->
                        invoices
                            .parts(s, tenantId.value(), found)
                            .map(
                                parts ->
                                    page.page(
                                        found,
                                        e -> head(e, tenantId.value(), parts),
                                        e -> Map.of("id", e.id.toString())))));
  }

  private static InvoiceView head(
      InvoiceEntity e, UUID tenant, Map<UUID, InvoiceView.Amounts> parts) {
    return e.isOf(tenant)
        ? InvoiceView.head(e)
        : InvoiceView.head(e, Objects.requireNonNull(parts.get(e.id)));
  }

  @GET
  @Path("/{invoice}")
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(
      summary = "Show an issued invoice, by id or number, with its lines",
      description =
          "Of an invoice that was issued to another tenant of the business number, the lines of the"
              + " tenant's own projects with their amounts; part is true.")
  @APIResponse(
      responseCode = "200",
      description = "The invoice.",
      content = @Content(schema = @Schema(implementation = InvoiceView.class)))
  public Uni<Response> show(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @PathParam("invoice") String invoice) {
    var tenantId = caller.scope().tenantId();
    return transactions.asTenant(
        tenantId,
        s ->
            (InvoiceParameters.isNumber(invoice)
                    ? invoices.findByNumber(s, invoice)
                    : invoices.find(s, InvoiceParameters.id(invoice).value()))
                .map(
                    found ->
                        found
                            .filter(e -> e.concerns(tenantId.value()))
                            .filter(e -> e.state.equals(VISIBLE))
                            .orElseThrow(InvoiceService::notFound))
                .chain(e -> seen(s, e, tenantId.value()))
                .chain(e -> views.answer(s, e, tenantId.value())));
  }

  private Uni<InvoiceEntity> seen(Mutiny.Session s, InvoiceEntity e, UUID tenant) {
    return e.isOf(tenant)
        ? Uni.createFrom().item(e)
        : invoices
            .withoutPart(s, tenant)
            .map(
                hidden -> {
                  if (hidden.contains(e.id)) {
                    throw InvoiceService.notFound();
                  }
                  return e;
                });
  }
}
