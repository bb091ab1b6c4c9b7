package dev.gpucloud.billing.download;

import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.TenantAccess;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.File;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Documents of a tenant's own issued invoices. */
@Path("/api/v1/tenants/{tenant}/invoices")
@Tag(name = "invoices")
class TenantDownloadsResource {
  private final Transactions transactions;
  private final IssuedInvoices invoices;
  private final Downloads downloads;
  private final Caller caller;

  TenantDownloadsResource(
      Transactions transactions, IssuedInvoices invoices, Downloads downloads, Caller caller) {
    this.transactions = transactions;
    this.invoices = invoices;
    this.downloads = downloads;
    this.caller = caller;
  }

  @GET
  @Path("/{invoice}/pdf")
  @Produces({"application/pdf", MediaType.APPLICATION_JSON})
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(
      summary = "Take an issued invoice as a PDF",
      description = "An invoice as it is sent, with an appendix of every exact row.")
  @APIResponse(
      responseCode = "200",
      description = "The document.",
      content =
          @Content(mediaType = "application/pdf", schema = @Schema(implementation = File.class)))
  public Uni<Response> pdf(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @PathParam("invoice") String invoice,
      @QueryParam("lang") @Parameter(description = "ko (default) or en.") @Nullable String lang,
      @Context RoutingContext request) {
    return download(invoice, Download.Pdf.in(lang), request);
  }

  @GET
  @Path("/{invoice}/csv")
  @Produces({"text/csv", MediaType.APPLICATION_JSON})
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(
      summary = "Take an issued invoice's lines as CSV",
      description = "UTF-8 with a byte order mark, for spreadsheets.")
  @APIResponse(
      responseCode = "200",
      description = "The document.",
      content = @Content(mediaType = "text/csv", schema = @Schema(implementation = File.class)))
  public Uni<Response> csv(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @PathParam("invoice") String invoice,
      @Context RoutingContext request) {
    return download(invoice, new Download.Csv(), request);
  }

  @GET
  @Path("/{invoice}/focus.csv")
  @Produces({"text/csv", MediaType.APPLICATION_JSON})
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(
      summary = "Take an issued invoice as FOCUS 1.2 in CSV",
      description = "BilledCost sums to the invoice's total, before what prepaid credits pay.")
  @APIResponse(
      responseCode = "200",
      description = "The document.",
      content = @Content(mediaType = "text/csv", schema = @Schema(implementation = File.class)))
  public Uni<Response> focusCsv(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @PathParam("invoice") String invoice,
      @Context RoutingContext request) {
    return download(invoice, new Download.Focus(false), request);
  }

  @GET
  @Path("/{invoice}/focus.parquet")
  @Produces({"application/vnd.apache.parquet", MediaType.APPLICATION_JSON})
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(
      summary = "Take an issued invoice as FOCUS 1.2 in Parquet",
      description = "The same rows as the CSV, with decimals of 12 places.")
  @APIResponse(
      responseCode = "200",
      description = "The document.",
      content =
          @Content(
              mediaType = "application/vnd.apache.parquet",
              schema = @Schema(implementation = File.class)))
  public Uni<Response> focusParquet(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @PathParam("invoice") String invoice,
      @Context RoutingContext request) {
    return download(invoice, new Download.Focus(true), request);
  }

  @GET
  @Path("/{invoice}/tax-document")
  @Produces({"application/xml", MediaType.APPLICATION_JSON})
  @Authenticated
  @TenantAccess({TenantRole.OWNER, TenantRole.BILLING_VIEWER})
  @Operation(
      summary = "Take an issued invoice's tax document as XML",
      description =
          "Of the schema urn:gpucloud:tax-invoice:1; 409 STATE_CONFLICT lists what stands against"
              + " one.")
  @APIResponse(
      responseCode = "200",
      description = "The document.",
      content =
          @Content(mediaType = "application/xml", schema = @Schema(implementation = File.class)))
  public Uni<Response> taxDocument(
      @PathParam("tenant") @Parameter(description = "Id or slug.", example = "sk-hynix")
          String tenant,
      @PathParam("invoice") String invoice,
      @QueryParam("taxType")
          @Parameter(
              description = "Which of the documents, where there are several.",
              schema =
                  @Schema(
                      type = SchemaType.STRING,
                      enumeration = {"TAXED", "ZERO_RATED", "EXEMPT"}))
          @Nullable String taxType,
      @Context RoutingContext request) {
    return download(invoice, Download.TaxXml.of(taxType), request);
  }

  private Uni<Response> download(String invoice, Download download, RoutingContext request) {
    var tenantId = caller.scope().tenantId();
    return transactions
        .readAsTenant(tenantId, s -> issued(s, download, invoice, tenantId.value()))
        .chain(issued -> downloads.answer(issued, download, request));
  }

  /**
   * A note has no tax document of this form: it amends one. What is sent as it is, is of the whole
   * invoice; its lines are also of the tenant's part of one that was issued to another.
   */
  private Uni<IssuedInvoice> issued(
      Mutiny.Session s, Download download, String invoice, @Nullable UUID tenant) {
    return switch (download) {
      case Download.TaxXml xml -> invoices.load(s, invoice, tenant);
      case Download.Pdf pdf -> invoices.loadWithNotes(s, invoice, tenant);
      case Download.Csv csv -> invoices.loadPartWithNotes(s, invoice, tenant);
      case Download.Focus focus -> invoices.loadPartWithNotes(s, invoice, tenant);
    };
  }
}
