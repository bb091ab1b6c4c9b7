package dev.gpucloud.billing.taxdocument;

import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.tax.Deadlines;
import dev.gpucloud.billing.document.tax.TaxInvoices;
import dev.gpucloud.billing.document.tax.Transmission;
import dev.gpucloud.billing.download.IssuedInvoices;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Makes tax documents, sends them on their way and notes what the tax office said. */
@ApplicationScoped
class TaxDocumentService {
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final IssuedInvoices invoices;
  private final TaxDocumentRepository documents;
  private final TaxOffice office;
  private final Caller caller;
  private final Audit audit;
  private final InstantSource clock;
  private final TaxConfig config;

  TaxDocumentService(
      Transactions transactions,
      Idempotency idempotency,
      IssuedInvoices invoices,
      TaxDocumentRepository documents,
      TaxOffice office,
      Caller caller,
      Audit audit,
      @Business InstantSource clock,
      TaxConfig config) {
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.invoices = invoices;
    this.documents = documents;
    this.office = office;
    this.caller = caller;
    this.audit = audit;
    this.clock = clock;
    this.config = config;
  }

  /** An invoice's documents with the deadlines that are near. */
  Uni<TaxDocumentView.All> list(String invoice) {
    return transactions.asPlatform(
        s ->
            invoices
                .load(s, invoice, null)
                .chain(
                    issued ->
                        documents.ofInvoice(s, idOf(issued)).map(found -> all(issued, found))));
  }

  private TaxDocumentView.All all(IssuedInvoice invoice, List<StoredTaxDocument> found) {
    LocalDate made = found.isEmpty() ? null : found.getFirst().issuedOn();
    Deadlines deadlines = Deadlines.of(invoice.writeDate(), made);
    boolean isDue = made == null && !TaxInvoices.types(invoice).isEmpty();
    return new TaxDocumentView.All(
        found.stream().map(this::view).toList(),
        isDue || made != null ? deadlines.issueBy() : null,
        isDue
            ? TaxDocumentView.WarningView.of(
                deadlines.warnings(today(), config.warnDays(), null, false))
            : List.of());
  }

  /** Makes the original of an invoice or amends it; a key makes it once. */
  Uni<Response> create(String invoice, CreateTaxDocumentRequest request, @Nullable String key) {
    String by = caller.subject();
    AuditOrigin origin = audit.origin();
    return idempotency.platform(
        key,
        List.of(invoice, request),
        s ->
            invoices
                .load(s, invoice, null)
                .chain(
                    issued ->
                        tenantOf(s, idOf(issued))
                            .map(tenant -> new Making(issued, tenant, by, origin)))
                .chain(making -> create(s, making, request)));
  }

  private record Making(IssuedInvoice invoice, UUID tenant, String by, AuditOrigin origin) {}

  private Uni<Response> create(Mutiny.Session s, Making making, CreateTaxDocumentRequest request) {
    UUID invoice = idOf(making.invoice());
    return documents
        .lock(s, invoice)
        .chain(() -> documents.ofInvoice(s, invoice))
        .map(there -> made(making, there, request))
        .call(made -> insertAll(s, making, made))
        .map(
            made ->
                Response.status(Response.Status.CREATED)
                    .entity(
                        new TaxDocumentView.All(
                            made.stream().map(this::view).toList(),
                            Deadlines.of(made.getFirst().content().writeDate(), today()).issueBy(),
                            List.of()))
                    .build());
  }

  private List<StoredTaxDocument> made(
      Making making, List<StoredTaxDocument> there, CreateTaxDocumentRequest request) {
    IssuedInvoice issued = making.invoice();
    return TaxDocumentWriter.write(request, issued, there).stream()
        .map(
            d ->
                StoredTaxDocument.made(
                    making.tenant(), idOf(issued), TaxDocumentWriter.ordinal(d, there), today(), d))
        .toList();
  }

  private Uni<Void> insertAll(Mutiny.Session s, Making making, List<StoredTaxDocument> made) {
    return Multi.createFrom()
        .iterable(made)
        .onItem()
        .transformToUniAndConcatenate(
            d ->
                documents
                    .insert(s, d, making.by(), clock.instant())
                    .chain(() -> tell(s, making.origin(), "tax-document.create", null, d)))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private static Uni<UUID> tenantOf(Mutiny.Session s, UUID invoice) {
    return Rows.select(s, "select cast(tenant_id as text) from invoice where id = ?1", invoice)
        .map(found -> found.getFirst().uuid(0));
  }

  /**
   * Hands a document over. The provider is asked outside any transaction; it knows each key once,
   * so that a repetition after a failure sends nothing twice.
   */
  Uni<TaxDocumentView> transmit(String key) {
    AuditOrigin origin = audit.origin();
    return transactions
        .asPlatform(s -> load(s, key).invoke(TaxDocumentService::refuseOnItsWay))
        .chain(d -> office.transmit(d.content()))
        .chain(
            answer ->
                transactions.asPlatform(
                    s ->
                        load(s, key)
                            .invoke(TaxDocumentService::refuseOnItsWay)
                            .chain(d -> note(s, d, answer, origin))));
  }

  private static void refuseOnItsWay(StoredTaxDocument d) {
    if (d.state() == TaxDocumentState.TRANSMITTED || d.state() == TaxDocumentState.ACCEPTED) {
      throw conflict(d, "transmitted");
    }
  }

  private Uni<TaxDocumentView> note(
      Mutiny.Session s, StoredTaxDocument d, Transmission answer, AuditOrigin origin) {
    Instant now = clock.instant();
    return switch (answer) {
      case Transmission.Sent sent ->
          changed(
              s, d, origin, "transmit", documents.transmitted(s, d.key(), sent.reference(), now));
      case Transmission.Accepted accepted ->
          changed(
              s,
              d,
              origin,
              "accept",
              documents.accepted(s, d.key(), accepted.approvalNumber(), now));
      case Transmission.Rejected rejected ->
          changed(s, d, origin, "reject", documents.rejected(s, d.key(), rejected.reason(), now));
    };
  }

  /** The tax office accepted a transmitted document under its number. */
  Uni<TaxDocumentView> accept(String key, String approvalNumber) {
    return answered(
        key,
        "accept",
        s ->
            documents
                .isKnown(s, approvalNumber)
                .invoke(
                    known -> {
                      if (known) {
                        throw ProblemType.ALREADY_EXISTS
                            .because("Another tax document has that approval number.")
                            .at("/approvalNumber", "belongs to another document");
                      }
                    })
                .chain(() -> documents.accepted(s, key, approvalNumber, clock.instant())));
  }

  /** The tax office refused a transmitted document. */
  Uni<TaxDocumentView> reject(String key, String why) {
    return answered(key, "reject", s -> documents.rejected(s, key, why, clock.instant()));
  }

  private Uni<TaxDocumentView> answered(
      String key, String action, Function<Mutiny.Session, Uni<Void>> effect) {
    AuditOrigin origin = audit.origin();
    return transactions.asPlatform(
        s ->
            load(s, key)
                .invoke(
                    d -> {
                      if (d.state() != TaxDocumentState.TRANSMITTED) {
                        throw conflict(d, "answered for");
                      }
                    })
                .chain(d -> changed(s, d, origin, action, effect.apply(s))));
  }

  private Uni<TaxDocumentView> changed(
      Mutiny.Session s,
      StoredTaxDocument before,
      AuditOrigin origin,
      String action,
      Uni<Void> effect) {
    return effect
        .chain(() -> load(s, before.key()))
        .call(now -> tell(s, origin, "tax-document." + action, facts(before), now))
        .map(this::view);
  }

  private Uni<Void> tell(
      Mutiny.Session s,
      AuditOrigin origin,
      String action,
      @Nullable Map<String, Object> before,
      StoredTaxDocument d) {
    return audit.changed(
        s,
        origin,
        AuditChange.of(action, "tax-document", d.key())
            .at(new TenantId(d.tenant()))
            .from(before)
            .to(facts(d)));
  }

  private static Map<String, Object> facts(StoredTaxDocument d) {
    String number = d.approvalNumber();
    String why = d.rejection();
    return Map.of(
        "state", d.state().name(),
        "supplyKrw", Long.toString(d.content().supplyValue().amount()),
        "vatKrw", Long.toString(d.content().vat().amount()),
        "approvalNumber", number == null ? "" : number,
        "rejection", why == null ? "" : why);
  }

  private Uni<StoredTaxDocument> load(Mutiny.Session s, String key) {
    return documents
        .findForUpdate(s, key)
        .map(
            found ->
                found.orElseThrow(
                    () -> ProblemType.NOT_FOUND.because("There is no such tax document.")));
  }

  private static RuntimeException conflict(StoredTaxDocument d, String what) {
    return ProblemType.STATE_CONFLICT
        .because("A tax document that is " + d.state() + " cannot be " + what + ".")
        .with("state", d.state().name());
  }

  private static UUID idOf(IssuedInvoice invoice) {
    return InvoiceId.parse(invoice.id()).value();
  }

  private TaxDocumentView view(StoredTaxDocument d) {
    return TaxDocumentView.of(d, today(), config.warnDays());
  }

  private LocalDate today() {
    return clock.instant().atZone(BillingMonth.ZONE).toLocalDate();
  }
}
