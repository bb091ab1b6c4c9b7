package dev.gpucloud.billing.taxdocument;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.billing.document.tax.TaxInvoice;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of tax documents. */
@ApplicationScoped
class TaxDocumentRepository {
  private static final String SELECT =
      """
      select cast(tenant_id as text), cast(invoice_id as text), ordinal, kind, reason,
             cast(issued_on as text), content, state, reference, approval_number, rejection,
             millis(transmitted_at), millis(answered_at)
      from tax_document\s\
      """;

  private final ObjectMapper json;

  TaxDocumentRepository(ObjectMapper json) {
    this.json = json;
  }

  /** Serialises the documents of one invoice for the rest of the transaction. */
  Uni<Void> lock(Mutiny.Session s, UUID invoice) {
    return Rows.select(
            s,
            "select cast(pg_advisory_xact_lock(hashtextextended(?1, 7496)) as text)",
            invoice.toString())
        .replaceWithVoid();
  }

  Uni<List<StoredTaxDocument>> ofInvoice(Mutiny.Session s, UUID invoice) {
    return Rows.select(
            s,
            SELECT + "where invoice_id = ?1 order by ordinal, tax_type_order(tax_type), kind desc",
            invoice)
        .map(rows -> rows.stream().map(this::read).toList());
  }

  /** One by its key, locked until the commit. */
  Uni<Optional<StoredTaxDocument>> findForUpdate(Mutiny.Session s, String key) {
    return Rows.select(s, SELECT + "where key = ?1 for update", key)
        .map(rows -> rows.stream().findFirst().map(this::read));
  }

  /** One that is not in the database yet. */
  Uni<Void> insert(Mutiny.Session s, StoredTaxDocument d, String by, Instant at) {
    return insert(s, d, null, by, at);
  }

  /** The same, made for a note. */
  Uni<Void> insert(
      Mutiny.Session s, StoredTaxDocument d, @Nullable UUID note, String by, Instant at) {
    return Sql.update(
            s,
            """
            insert into tax_document
              (tenant_id, key, invoice_id, ordinal, kind, reason, write_date, issued_on,
               supply_krw, vat_krw, content, state, created_by, created_at, note_id)
            values (?1, ?2, ?3, ?4, ?5, cast(cast(?6 as text) as int), cast(?7 as date),
                    cast(?8 as date), ?9, ?10, ?11, ?12, ?13, ?14,
                    cast(cast(?15 as text) as uuid))\
            """,
            d.tenant(),
            d.key(),
            d.invoice(),
            d.ordinal(),
            d.kind(),
            d.reason() == null ? null : d.reason().toString(),
            d.content().writeDate(),
            d.issuedOn(),
            d.content().supplyValue().amount(),
            d.content().vat().amount(),
            write(d.content()),
            d.state().name(),
            by,
            Rows.param(at),
            note == null ? null : note.toString())
        .replaceWithVoid();
  }

  Uni<Boolean> isNote(Mutiny.Session s, UUID id) {
    return Rows.select(s, "select kind from invoice_note where id = ?1", id)
        .map(rows -> !rows.isEmpty());
  }

  Uni<Void> transmitted(Mutiny.Session s, String key, String reference, Instant at) {
    return Sql.update(
            s,
            """
            update tax_document
            set state = 'TRANSMITTED', reference = ?2, rejection = null, transmitted_at = ?3
            where key = ?1\
            """,
            key,
            reference,
            Rows.param(at))
        .replaceWithVoid();
  }

  Uni<Void> accepted(Mutiny.Session s, String key, String approvalNumber, Instant at) {
    return Sql.update(
            s,
            """
            update tax_document
            set state = 'ACCEPTED', approval_number = ?2, rejection = null, answered_at = ?3,
                transmitted_at = coalesce(transmitted_at, ?3)
            where key = ?1\
            """,
            key,
            approvalNumber,
            Rows.param(at))
        .replaceWithVoid();
  }

  Uni<Void> rejected(Mutiny.Session s, String key, String why, Instant at) {
    return Sql.update(
            s,
            """
            update tax_document set state = 'REJECTED', rejection = ?2, answered_at = ?3
            where key = ?1\
            """,
            key,
            why,
            Rows.param(at))
        .replaceWithVoid();
  }

  /** Whether some document bears that number of the tax office. */
  Uni<Boolean> isKnown(Mutiny.Session s, String approvalNumber) {
    return Rows.select(s, "select key from tax_document where approval_number = ?1", approvalNumber)
        .map(rows -> !rows.isEmpty());
  }

  private StoredTaxDocument read(Row r) {
    return new StoredTaxDocument(
        r.uuid(0),
        r.uuid(1),
        (int) r.number(2),
        r.text(3),
        r.textOrNull(4) == null ? null : (int) r.number(4),
        LocalDate.parse(r.text(5)),
        parse(r.text(6)),
        TaxDocumentState.valueOf(r.text(7)),
        r.textOrNull(8),
        r.textOrNull(9),
        r.textOrNull(10),
        r.instantOrNull(11),
        r.instantOrNull(12));
  }

  private String write(TaxInvoice content) {
    try {
      return json.writeValueAsString(content);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private TaxInvoice parse(String content) {
    try {
      return json.readValue(content, TaxInvoice.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
