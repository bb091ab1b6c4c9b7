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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of notes, and of invoices as notes see them. */
@ApplicationScoped
class NoteRepository {
  private static final String SELECT =
      """
      select cast(n.id as text), cast(n.tenant_id as text), cast(n.account_id as text),
             cast(n.invoice_id as text), i.number, n.kind, n.state, n.number, n.percent, n.sku,
             n.description, n.why, cast(n.period_from as text), cast(n.period_to as text),
             cast(n.write_date as text), n.prepared_by, n.prepared_name, millis(n.prepared_at),
             n.decided_by, n.decided_name, millis(n.decided_at), n.decision_comment, n.version,
             (select string_agg(t.key, ',' order by tax_type_order(t.tax_type), t.ordinal,
                                t.kind desc)
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

  /** An issued invoice with its lines and notes. */
  Uni<NoteTarget> target(Mutiny.Session s, UUID invoice) {
    return Rows.select(
            s,
            """
            select tax_type, cast(project_id as text), project_slug, sku,
                   case when l.original_month < i.month then 1 else 0 end,
                   coalesce(l.supply_krw, l.amount_krw), l.vat_krw
            from invoice_line l join invoice i on i.id = l.invoice_id
            where l.invoice_id = ?1 order by l.line_number\
            """,
            invoice)
        .map(rows -> rows.stream().map(NoteRepository::billed).toList())
        .chain(
            lines ->
                ofInvoice(s, invoice)
                    .chain(
                        all ->
                            Rows.select(
                                    s,
                                    """
                                    select cast(id as text), cast(tenant_id as text),
                                           cast(account_id as text), number, month, mode,
                                           cast(write_date as text)
                                    from invoice where id = ?1\
                                    """,
                                    invoice)
                                .map(rows -> target(rows.getFirst(), lines, all))));
  }

  private static NoteTarget target(Row r, List<BilledLine> lines, List<Note> notes) {
    return new NoteTarget(
        r.uuid(0),
        r.uuid(1),
        r.uuid(2),
        r.text(3),
        BillingMonth.parse(r.text(4)),
        BillingMode.valueOf(r.text(5)),
        LocalDate.parse(r.text(6)),
        lines,
        notes);
  }

  private static BilledLine billed(Row r) {
    return new BilledLine(
        TaxType.valueOf(r.text(0)),
        r.textOrNull(1) == null ? null : r.uuid(1),
        r.textOrNull(2),
        r.text(3),
        r.number(4) == 1,
        new Won(r.number(5)),
        new Won(r.number(6)));
  }

  // ---- notes

  Uni<Optional<Note>> find(Mutiny.Session s, UUID id, boolean forUpdate) {
    return Rows.select(s, SELECT + "where n.id = ?1" + (forUpdate ? " for update of n" : ""), id)
        .chain(rows -> withLines(s, rows))
        .map(found -> found.stream().findFirst());
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
        .chain(rows -> withLines(s, rows));
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
        .chain(rows -> withLines(s, rows));
  }

  private static Uni<List<Note>> withLines(Mutiny.Session s, List<Row> heads) {
    return heads.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Rows.select(
                s,
                """
                select cast(note_id as text), tax_type, cast(project_id as text), project_slug,
                       supply_krw, vat_krw
                from invoice_note_line
                where note_id = any (cast(string_to_array(?1, ',') as uuid[]))
                order by note_id, line_number\
                """,
                Rows.param(heads.stream().map(r -> r.uuid(0)).toList()))
            .map(
                rows -> {
                  Map<UUID, List<NoteLine>> lines =
                      rows.stream()
                          .collect(
                              Collectors.groupingBy(
                                  r -> r.uuid(0),
                                  Collectors.mapping(NoteRepository::line, Collectors.toList())));
                  return heads.stream()
                      .map(r -> note(r, lines.getOrDefault(r.uuid(0), List.of())))
                      .toList();
                });
  }

  private static NoteLine line(Row r) {
    return new NoteLine(
        TaxType.valueOf(r.text(1)),
        r.textOrNull(2) == null ? null : r.uuid(2),
        r.textOrNull(3),
        new Won(r.number(4)),
        new Won(r.number(5)));
  }

  private static Note note(Row r, List<NoteLine> lines) {
    String keys = r.textOrNull(23);
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
        lines,
        r.text(10),
        r.text(11),
        day(r.textOrNull(12)),
        day(r.textOrNull(13)),
        LocalDate.parse(r.text(14)),
        new Person(r.text(15), r.text(16), r.instant(17)),
        r.textOrNull(18) == null ? null : new Person(r.text(18), r.text(19), r.instant(20)),
        r.textOrNull(21),
        keys == null ? List.of() : Arrays.asList(keys.split(",")),
        r.number(22));
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
        .chain(() -> insertLines(s, n.tenant(), n.id(), n.lines()));
  }

  private Uni<Void> insertLines(Mutiny.Session s, UUID tenant, UUID note, List<NoteLine> lines) {
    return Sql.update(
            s,
            """
            insert into invoice_note_line
              (tenant_id, note_id, line_number, tax_type, project_id, project_slug, supply_krw,
               vat_krw)
            select cast(cast(?1 as text) as uuid), cast(cast(?2 as text) as uuid), row_number() over (), "taxType", project,
                   "projectSlug", supply, vat
            from jsonb_to_recordset(cast(cast(?3 as text) as jsonb)) as l (
              "taxType" text, project uuid, "projectSlug" text, supply bigint, vat bigint)\
            """,
            tenant.toString(),
            note.toString(),
            write(lines.stream().map(StoredLine::of).toList()))
        .replaceWithVoid();
  }

  /** A line as it is handed over. */
  private record StoredLine(
      String taxType, @Nullable UUID project, @Nullable String projectSlug, long supply, long vat) {
    static StoredLine of(NoteLine l) {
      return new StoredLine(
          l.taxType().name(), l.project(), l.projectSlug(), l.supply().amount(), l.vat().amount());
    }
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a second person decided; number and ordinal go with the issue. */
  record Decision(
      Note.State state,
      @Nullable String number,
      @Nullable Integer ordinal,
      List<NoteLine> lines,
      Person by,
      @Nullable String comment) {
    Won supply() {
      return lines.stream().map(NoteLine::supply).reduce(Won.ZERO, Won::plus);
    }

    Won vat() {
      return lines.stream().map(NoteLine::vat).reduce(Won.ZERO, Won::plus);
    }
  }

  /** Its lines are those of the decision from then on. */
  Uni<Void> decide(Mutiny.Session s, Note note, Decision d) {
    return Sql.update(s, "delete from invoice_note_line where note_id = ?1", note.id())
        .chain(() -> insertLines(s, note.tenant(), note.id(), d.lines()))
        .chain(() -> decide(s, note.id(), d));
  }

  private static Uni<Void> decide(Mutiny.Session s, UUID note, Decision d) {
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
