package dev.gpucloud.billing.correction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.billing.correction.Note.Person;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of notes, and of invoices as notes see them. */
@ApplicationScoped
class NoteRepository {
  private static final String SELECT =
      """
      select cast(n.id as text), cast(n.tenant_id as text), cast(n.account_id as text),
             cast(n.invoice_id as text), i.number, n.kind, n.state, n.number, n.percent, n.sku,
             n.supply_krw, n.vat_krw, n.description, n.why, cast(n.period_from as text),
             cast(n.period_to as text), cast(n.write_date as text), n.prepared_by,
             n.prepared_name, millis(n.prepared_at), n.decided_by, n.decided_name,
             millis(n.decided_at), n.decision_comment, n.version,
             (select string_agg(t.key, ',' order by t.ordinal, t.kind desc)
              from tax_document t where t.note_id = n.id)
      from invoice_note n join invoice i on i.id = n.invoice_id\s\
      """;

  private final ObjectMapper json;

  NoteRepository(ObjectMapper json) {
    this.json = json;
  }

  // ---- the invoice

  /** Serialises everything about one account for the rest of the transaction. */
  Uni<Void> lockAccount(Mutiny.Session s, UUID account) {
    return Rows.select(
            s,
            "select cast(pg_advisory_xact_lock(hashtextextended(?1, 7402)) as text)",
            account.toString())
        .replaceWithVoid();
  }

  /** The state and account of an invoice by id or number. */
  record Head(UUID id, UUID account, String state) {}

  Uni<Optional<Head>> head(Mutiny.Session s, @Nullable UUID id, String number) {
    return Rows.select(
            s,
            """
            select cast(id as text), cast(account_id as text), state from invoice
            where id = cast(cast(?1 as text) as uuid) or number = ?2\
            """,
            id == null ? null : id.toString(),
            number)
        .map(rows -> rows.stream().findFirst().map(r -> new Head(r.uuid(0), r.uuid(1), r.text(2))));
  }

  /** An issued invoice with what its notes made of it. */
  Uni<NoteTarget> target(Mutiny.Session s, UUID invoice) {
    return Rows.select(
            s,
            """
            select cast(i.id as text), cast(i.tenant_id as text), cast(i.account_id as text),
                   i.number, i.month, i.mode, cast(i.write_date as text),
                   i.supply_krw + coalesce(sum(n.supply_krw) filter (
                     where n.state = 'ISSUED' and n.kind = 'LATE_USAGE'), 0),
                   i.vat_krw + coalesce(sum(n.vat_krw) filter (
                     where n.state = 'ISSUED' and n.kind = 'LATE_USAGE'), 0),
                   coalesce(sum(n.supply_krw) filter (
                     where n.state = 'ISSUED' and n.reason = 2), 0),
                   coalesce(sum(n.vat_krw) filter (where n.state = 'ISSUED' and n.reason = 2), 0),
                   coalesce(sum(n.supply_krw) filter (where n.state = 'IN_REVIEW'), 0),
                   count(*) filter (where n.state = 'ISSUED' and n.reason in (4, 6)),
                   count(*) filter (where n.state = 'ISSUED'),
                   string_agg(n.kind, ',') filter (where n.state = 'IN_REVIEW'),
                   coalesce((select min(tax_type) from invoice_line l where l.invoice_id = i.id),
                            ''),
                   (select cast(jsonb_object_agg(q.sku, q.sum) as text) from (
                      select sku, sum(coalesce(supply_krw, amount_krw)) as sum from invoice_line l
                      where l.invoice_id = i.id group by sku) q)
            from invoice i left join invoice_note n on n.invoice_id = i.id
            where i.id = ?1 group by i.id\
            """,
            invoice)
        .map(rows -> target(rows.getFirst()));
  }

  private NoteTarget target(Row r) {
    BillingMode mode = BillingMode.valueOf(r.text(5));
    String waiting = r.textOrNull(14);
    return new NoteTarget(
        r.uuid(0),
        r.uuid(1),
        r.uuid(2),
        r.text(3),
        BillingMonth.parse(r.text(4)),
        mode,
        r.text(15).isEmpty() ? mode.taxType() : TaxType.valueOf(r.text(15)),
        LocalDate.parse(r.text(6)),
        new Won(r.number(7)),
        new Won(r.number(8)),
        new Won(r.number(9)),
        new Won(r.number(10)),
        new Won(r.number(11)),
        r.number(12) > 0,
        (int) r.number(13),
        waiting == null ? List.of() : List.of(waiting.split(",")),
        bySku(r.textOrNull(16)));
  }

  private Map<String, Long> bySku(@Nullable String text) {
    var sums = new HashMap<String, Long>();
    try {
      if (text != null) {
        json.readTree(text).properties().forEach(e -> sums.put(e.getKey(), e.getValue().asLong()));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return sums;
  }

  // ---- notes

  Uni<Optional<Note>> find(Mutiny.Session s, UUID id, boolean forUpdate) {
    return Rows.select(s, SELECT + "where n.id = ?1" + (forUpdate ? " for update of n" : ""), id)
        .map(rows -> rows.stream().findFirst().map(NoteRepository::note));
  }

  /** One that must be there. */
  Uni<Note> load(Mutiny.Session s, NoteId id, boolean forUpdate) {
    return find(s, id.value(), forUpdate)
        .map(
            found ->
                found.orElseThrow(() -> ProblemType.NOT_FOUND.because("There is no such note.")));
  }

  Uni<List<Note>> ofInvoice(Mutiny.Session s, UUID invoice) {
    return Rows.select(s, SELECT + "where n.invoice_id = ?1 order by n.id", invoice)
        .map(rows -> rows.stream().map(NoteRepository::note).toList());
  }

  /** Newest first, after the given id. */
  Uni<List<Note>> list(
      Mutiny.Session s, Note.@Nullable State state, @Nullable UUID after, int limit) {
    return Rows.select(
            s,
            SELECT
                + """
                where (cast(?1 as text) is null or n.state = ?1)
                  and (cast(?2 as text) is null or n.id < cast(cast(?2 as text) as uuid))
                order by n.id desc limit ?3\
                """,
            state == null ? null : state.name(),
            after == null ? null : after.toString(),
            limit)
        .map(rows -> rows.stream().map(NoteRepository::note).toList());
  }

  private static Note note(Row r) {
    String keys = r.textOrNull(25);
    return new Note(
        r.uuid(0),
        r.uuid(1),
        r.uuid(2),
        r.uuid(3),
        r.text(4),
        NoteKind.valueOf(r.text(5)),
        Note.State.valueOf(r.text(6)),
        r.textOrNull(7),
        r.textOrNull(8),
        r.textOrNull(9),
        new Won(r.number(10)),
        new Won(r.number(11)),
        r.text(12),
        r.text(13),
        day(r.textOrNull(14)),
        day(r.textOrNull(15)),
        LocalDate.parse(r.text(16)),
        new Person(r.text(17), r.text(18), r.instant(19)),
        r.textOrNull(20) == null ? null : new Person(r.text(20), r.text(21), r.instant(22)),
        r.textOrNull(23),
        keys == null ? List.of() : Arrays.asList(keys.split(",")),
        r.number(24));
  }

  private static @Nullable LocalDate day(@Nullable String text) {
    return text == null ? null : LocalDate.parse(text);
  }

  Uni<Void> insert(Mutiny.Session s, Note n, TaxType taxType, @Nullable List<NoteItem> items) {
    return Sql.update(
            s,
            """
            insert into invoice_note
              (tenant_id, id, invoice_id, account_id, kind, reason, state, percent, sku, tax_type,
               supply_krw, vat_krw, items, description, why, period_from, period_to, write_date,
               prepared_by, prepared_name, prepared_at, version)
            values (?1, ?2, ?3, ?4, ?5, ?6, 'IN_REVIEW', cast(?7 as text), cast(?8 as text), ?9,
                    ?10, ?11, cast(cast(?12 as text) as jsonb), ?13, ?14,
                    cast(cast(?15 as text) as date), cast(cast(?16 as text) as date),
                    cast(cast(?17 as text) as date), ?18, ?19, ?20, 1)\
            """,
            n.tenant(),
            n.id(),
            n.invoice(),
            n.account(),
            n.kind().name(),
            n.kind().reason(),
            n.percent(),
            n.sku(),
            taxType.name(),
            n.supply().amount(),
            n.vat().amount(),
            items == null ? null : write(items),
            n.description(),
            n.why(),
            n.periodFrom() == null ? null : n.periodFrom().toString(),
            n.periodTo() == null ? null : n.periodTo().toString(),
            n.writeDate().toString(),
            n.prepared().subject(),
            n.prepared().name(),
            Rows.param(n.prepared().at()))
        .replaceWithVoid();
  }

  private String write(List<NoteItem> items) {
    try {
      return json.writeValueAsString(items);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a second person decided; number and ordinal go with the issue. */
  record Decision(
      Note.State state,
      @Nullable String number,
      @Nullable Integer ordinal,
      Won supply,
      Won vat,
      Person by,
      @Nullable String comment) {}

  Uni<Void> decide(Mutiny.Session s, UUID note, Decision d) {
    return Sql.update(
            s,
            """
            update invoice_note
            set state = ?2, number = cast(?3 as text), ordinal = cast(cast(?4 as text) as int),
                supply_krw = ?5, vat_krw = ?6, decided_by = ?7, decided_name = ?8,
                decided_at = ?9, decision_comment = cast(?10 as text), version = version + 1
            where id = ?1\
            """,
            note,
            d.state().name(),
            d.number(),
            d.ordinal() == null ? null : d.ordinal().toString(),
            d.supply().amount(),
            d.vat().amount(),
            d.by().subject(),
            d.by().name(),
            Rows.param(d.by().at()),
            d.comment())
        .replaceWithVoid();
  }
}
