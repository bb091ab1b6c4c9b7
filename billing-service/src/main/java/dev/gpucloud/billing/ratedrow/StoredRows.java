package dev.gpucloud.billing.ratedrow;

import dev.gpucloud.billing.booked.BookedDay;
import dev.gpucloud.billing.booked.BookedDayRepository;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** The documents of rated rows of invoices. */
public final class StoredRows {
  /** A list of days is one text, for many values of a driver cost more than what is in them. */
  private static final String INSERT =
      """
      insert into rated_rows (tenant_id, invoice_id, document, day_tenants, days, day_versions)
      select tenant, invoice, decode(document, 'base64'),
             cast(concat('{', tenants, '}') as uuid[]), cast(concat('{', days, '}') as date[]),
             cast(concat('{', versions, '}') as bigint[])
      from unnest(cast(string_to_array(?1, ',') as uuid[]),
                  cast(string_to_array(?2, ',') as uuid[]), string_to_array(?3, ','),
                  string_to_array(?4, ';'), string_to_array(?5, ';'), string_to_array(?6, ';'))
        as d (tenant, invoice, document, tenants, days, versions)\
      """;

  /** The rows of an invoice's days in their order, and how many of the days have any. */
  private static final String ROWS_OF_DAYS =
      """
      select string_agg(u.rows, cast('' as bytea) order by d.place) as rows, count(*) as found
      from unnest(r.day_tenants, r.days, r.day_versions) with ordinality
          as d (tenant_id, day, version, place)
        join usage_day_rows u using (tenant_id, day, version)\
      """;

  private StoredRows() {}

  /** A document as {@link RowsDocument} writes it, and the days whose rows follow. */
  public record Document(UUID tenant, UUID invoice, byte[] bytes, List<BookedDay> days) {}

  /** Writes the documents of new invoices with one statement. */
  public static Uni<Void> insert(Mutiny.Session s, List<Document> documents) {
    if (documents.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Base64.Encoder base64 = Base64.getEncoder();
    List<Object[]> days =
        documents.stream().map(d -> BookedDayRepository.params(d.days())).toList();
    return Sql.update(
            s,
            INSERT,
            Rows.param(documents.stream().map(Document::tenant).toList()),
            Rows.param(documents.stream().map(Document::invoice).toList()),
            documents.stream()
                .map(d -> base64.encodeToString(d.bytes()))
                .collect(Collectors.joining(",")),
            each(days, 0),
            each(days, 1),
            each(days, 2))
        .replaceWithVoid();
  }

  private static String each(List<Object[]> days, int column) {
    return days.stream().map(d -> (String) d[column]).collect(Collectors.joining(";"));
  }

  /** The rows of an invoice by line and number; none when it has no document. */
  public static Uni<List<StoredRow>> of(Mutiny.Session s, UUID invoice) {
    return of(s, List.of(invoice)).map(found -> found.getOrDefault(invoice, List.of()));
  }

  /** The rows of some invoices. */
  public static Uni<Map<UUID, List<StoredRow>>> of(Mutiny.Session s, Collection<UUID> invoices) {
    return documents(s, invoices)
        .map(
            documents ->
                documents.entrySet().stream()
                    .collect(
                        Collectors.toMap(Map.Entry::getKey, e -> RowsDocument.read(e.getValue()))));
  }

  /** The documents of some invoices with the rows of their days, not read. */
  public static Uni<Map<UUID, byte[]>> documents(Mutiny.Session s, Collection<UUID> invoices) {
    return documents(
        s,
        """
        select cast(r.invoice_id as text),
               encode(r.document || coalesce(r.day_documents, u.rows, ''), 'base64'),
               case when r.day_documents is null then cardinality(r.days) - u.found else 0 end
        from rated_rows r cross join lateral (%s) u
        where r.invoice_id = any (cast(string_to_array(?1, ',') as uuid[]))\
        """
            .formatted(ROWS_OF_DAYS),
        invoices);
  }

  /** The documents of some invoices without the rows of their days, not read. */
  public static Uni<Map<UUID, byte[]>> documentsWithoutDays(
      Mutiny.Session s, Collection<UUID> invoices) {
    return documents(
        s,
        """
        select cast(invoice_id as text), encode(document, 'base64'), 0 from rated_rows
        where invoice_id = any (cast(string_to_array(?1, ',') as uuid[]))\
        """,
        invoices);
  }

  private static Uni<Map<UUID, byte[]>> documents(
      Mutiny.Session s, String select, Collection<UUID> invoices) {
    return invoices.isEmpty()
        ? Uni.createFrom().item(Map.of())
        : Rows.select(s, select, Rows.param(invoices)).map(StoredRows::documents);
  }

  private static Map<UUID, byte[]> documents(List<Row> rows) {
    var found = new HashMap<UUID, byte[]>();
    Base64.Decoder base64 = Base64.getMimeDecoder();
    for (Row r : rows) {
      if (r.number(2) != 0) {
        throw new IllegalStateException(
            "of invoice " + r.uuid(0) + " the rows of " + r.number(2) + " days are not there");
      }
      found.put(r.uuid(0), base64.decode(r.text(1)));
    }
    return found;
  }
}
