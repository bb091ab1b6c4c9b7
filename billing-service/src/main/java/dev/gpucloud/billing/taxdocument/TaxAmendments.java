package dev.gpucloud.billing.taxdocument;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.billing.document.tax.TaxInvoice;
import dev.gpucloud.billing.document.tax.TaxInvoices;
import dev.gpucloud.billing.download.IssuedInvoices;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Amends tax documents by what issued notes say; a note is amended for once. */
@ApplicationScoped
public class TaxAmendments {
  private final TaxDocumentRepository documents;
  private final IssuedInvoices invoices;
  private final Audit audit;
  private final ObjectMapper json;
  private final InstantSource clock;

  TaxAmendments(
      TaxDocumentRepository documents,
      IssuedInvoices invoices,
      Audit audit,
      ObjectMapper json,
      @Business InstantSource clock) {
    this.documents = documents;
    this.invoices = invoices;
    this.audit = audit;
    this.json = json;
    this.clock = clock;
  }

  /** What an issued note changes under one tax type. */
  private record Issued(
      UUID id,
      UUID tenant,
      UUID invoice,
      TaxType taxType,
      CreateTaxDocumentRequest request,
      Won supply,
      Won vat) {}

  /**
   * Makes the documents of an issued note, by tax type, and answers their keys: none where the tax
   * office has not accepted what is to be amended, or where the note has them already.
   */
  public Uni<List<String>> amend(Mutiny.Session s, UUID note, String by) {
    return load(s, note)
        .chain(found -> found.isEmpty() ? Uni.createFrom().item(List.of()) : amend(s, found, by));
  }

  private Uni<List<String>> amend(Mutiny.Session s, List<Issued> note, String by) {
    UUID invoice = note.getFirst().invoice();
    return documents
        .lock(s, invoice)
        .chain(() -> documents.ofInvoice(s, invoice))
        .chain(
            there ->
                Multi.createFrom()
                    .iterable(note)
                    .onItem()
                    .transformToUniAndConcatenate(n -> amend(s, n, there, by))
                    .collect()
                    .asList())
        .map(keys -> keys.stream().flatMap(List::stream).toList());
  }

  private Uni<List<String>> amend(
      Mutiny.Session s, Issued note, List<StoredTaxDocument> all, String by) {
    if (isRightAsItStands(note)) {
      return Uni.createFrom().item(List.of());
    }
    List<StoredTaxDocument> there = TaxDocumentWriter.ofType(note.taxType(), all);
    if (there.isEmpty()) {
      return isEntryError(note) ? late(s, note, all, by) : Uni.createFrom().item(List.of());
    }
    return TaxDocumentWriter.canAmend(there)
        ? keep(s, note, there, TaxDocumentWriter.amend(note.request(), there), by)
        : Uni.createFrom().item(List.of());
  }

  private static boolean isEntryError(Issued note) {
    return Objects.requireNonNull(note.request().reason()) == TaxDocumentWriter.ENTRY_ERROR;
  }

  /** What moved between lines or changed by less than a won leaves the document what it was. */
  private static boolean isRightAsItStands(Issued note) {
    return isEntryError(note) && note.supply().equals(Won.ZERO) && note.vat().equals(Won.ZERO);
  }

  /**
   * Where the invoice came to 0 won of the tax type, there is nothing to amend: the right document
   * is made, late; after those of its other tax types.
   */
  private Uni<List<String>> late(
      Mutiny.Session s, Issued note, List<StoredTaxDocument> all, String by) {
    return invoices
        .load(s, new InvoiceId(note.invoice()).toString(), null)
        .chain(
            invoice -> {
              Set<TaxType> documented = TaxInvoices.types(invoice);
              boolean isDue =
                  !note.supply().equals(Won.ZERO)
                      && !documented.contains(note.taxType())
                      && note.taxType() != TaxType.OUT_OF_SCOPE
                      && (documented.isEmpty() || !all.isEmpty());
              return isDue
                  ? keep(
                      s,
                      note,
                      List.of(),
                      TaxDocumentWriter.late(note.request(), invoice, note.taxType()),
                      by)
                  : Uni.createFrom().item(List.of());
            });
  }

  private Uni<List<String>> keep(
      Mutiny.Session s,
      Issued note,
      List<StoredTaxDocument> there,
      List<TaxInvoice> made,
      String by) {
    refuseOther(note, made);
    List<StoredTaxDocument> stored =
        made.stream()
            .map(
                d ->
                    StoredTaxDocument.made(
                        note.tenant(),
                        note.invoice(),
                        TaxDocumentWriter.ordinal(d, there),
                        today(),
                        d))
            .toList();
    return insert(s, note, stored, by)
        .replaceWith(stored.stream().map(StoredTaxDocument::key).toList());
  }

  /** The ledger has what the note says, so the tax office gets nothing else. */
  private static void refuseOther(Issued note, List<TaxInvoice> made) {
    Won supply = made.stream().map(TaxInvoice::supplyValue).reduce(Won.ZERO, Won::plus);
    Won vat = made.stream().map(TaxInvoice::vat).reduce(Won.ZERO, Won::plus);
    if (!supply.equals(note.supply()) || !vat.equals(note.vat())) {
      throw ProblemType.STATE_CONFLICT
          .because(
              "The tax document was amended by hand, so that the note would come to another amount"
                  + " on it.")
          .with("supplyKrw", supply.amount())
          .with("vatKrw", vat.amount());
    }
  }

  private Uni<Void> insert(Mutiny.Session s, Issued note, List<StoredTaxDocument> made, String by) {
    return Multi.createFrom()
        .iterable(made)
        .onItem()
        .transformToUniAndConcatenate(
            d ->
                documents
                    .insert(s, d, note.id(), by, clock.instant())
                    .chain(() -> tell(s, note, d)))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Void> tell(Mutiny.Session s, Issued note, StoredTaxDocument d) {
    return audit.changed(
        s,
        audit.origin(),
        AuditChange.of("tax-document.create", "tax-document", d.key())
            .at(new TenantId(d.tenant()))
            .to(
                Map.of(
                    "note",
                    new NoteId(note.id()).toString(),
                    "supplyKrw",
                    Long.toString(d.content().supplyValue().amount()),
                    "vatKrw",
                    Long.toString(d.content().vat().amount()))));
  }

  private Uni<List<Issued>> load(Mutiny.Session s, UUID note) {
    return Rows.select(
            s,
            """
            select cast(n.tenant_id as text), cast(n.invoice_id as text), n.reason,
                   cast(n.write_date as text), n.description, cast(n.items as text), l.tax_type,
                   sum(l.supply_krw), sum(l.vat_krw)
            from invoice_note n join invoice_note_line l on l.note_id = n.id
            where n.id = ?1 and n.state = 'ISSUED'
              and not exists (select 1 from tax_document t
                              where t.note_id = n.id and t.tax_type = l.tax_type)
            group by n.id, l.tax_type order by tax_type_order(l.tax_type)\
            """,
            note)
        .map(rows -> rows.stream().map(r -> issued(note, r)).toList());
  }

  private Issued issued(UUID note, Row r) {
    int reason = (int) r.number(2);
    boolean hasDay = reason == 2 || reason == 4;
    var request =
        new CreateTaxDocumentRequest(
            reason,
            hasDay ? LocalDate.parse(r.text(3)) : null,
            reason == 2 ? Long.toString(r.number(7)) : null,
            r.text(4),
            r.text(6),
            items(r.textOrNull(5), r.text(6)));
    return new Issued(
        note,
        r.uuid(0),
        r.uuid(1),
        TaxType.valueOf(r.text(6)),
        request,
        new Won(r.number(7)),
        new Won(r.number(8)));
  }

  /** An item that a note keeps; those of before have no tax type, their note had one. */
  record Item(@Nullable String taxType, String name, @Nullable String spec, String supplyValue) {}

  private @Nullable List<CreateTaxDocumentRequest.Item> items(
      @Nullable String text, String taxType) {
    try {
      return text == null
          ? null
          : json.readValue(text, new TypeReference<List<Item>>() {}).stream()
              .filter(i -> i.taxType() == null || i.taxType().equals(taxType))
              .map(i -> new CreateTaxDocumentRequest.Item(i.name(), i.spec(), i.supplyValue()))
              .toList();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), BillingMonth.ZONE);
  }
}
