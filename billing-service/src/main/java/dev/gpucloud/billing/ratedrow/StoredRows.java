package dev.gpucloud.billing.ratedrow;

import dev.gpucloud.billing.booked.BookedDay;
import dev.gpucloud.billing.booked.BookedDayRepository;
import dev.gpucloud.billing.sql.Rows;
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
  /** The rows of days are put together where they lie; what does not hold any more is left out. */
  private static final String INSERT =
      """
      with days as (
        select invoice, array_agg(tenant) as tenants, array_agg(day) as days,
               array_agg(version) as versions, string_agg(rows, cast('' as bytea)) as rows
        from (select d.*, u.rows
              from unnest(cast(string_to_array(?4, ',') as uuid[]),
                          cast(string_to_array(?5, ',') as uuid[]),
                          cast(string_to_array(?6, ',') as date[]),
                          cast(string_to_array(?7, ',') as bigint[]))
                  as d (invoice, tenant, day, version)
                join usage_day u on u.tenant_id = d.tenant and u.day = d.day
                  and u.version = d.version and u.looked = d.version and u.booked
              order by d.invoice, d.tenant, d.day) as d
        group by invoice)
      insert into rated_rows
        (tenant_id, invoice_id, document, day_tenants, days, day_versions, day_documents)
      select d.tenant, d.invoice, decode(d.document, 'base64'), coalesce(days.tenants, cast(array[] as uuid[])),
             coalesce(days.days, cast(array[] as date[])), coalesce(days.versions, cast(array[] as bigint[])),
             days.rows
      from unnest(cast(string_to_array(?1, ',') as uuid[]),
                  cast(string_to_array(?2, ',') as uuid[]),
                  string_to_array(?3, ',')) as d (tenant, invoice, document)
        left join days using (invoice)
      returning cast(invoice_id as text), cardinality(days)\
      """;

  private StoredRows() {}

  /** A document as {@link RowsDocument} writes it, and the days whose rows follow. */
  public record Document(UUID tenant, UUID invoice, byte[] bytes, List<BookedDay> days) {}

  /**
   * Writes the documents of new invoices with one statement; answers the invoices of which a day's
   * book does not hold any more, whose documents must not stay.
   */
  public static Uni<List<UUID>> insert(Mutiny.Session s, List<Document> documents) {
    if (documents.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    Base64.Encoder base64 = Base64.getEncoder();
    List<UUID> ofDays =
        documents.stream().flatMap(d -> d.days().stream().map(day -> d.invoice())).toList();
    Object[] days =
        BookedDayRepository.params(documents.stream().flatMap(d -> d.days().stream()).toList());
    Map<UUID, Integer> wanted =
        documents.stream().collect(Collectors.toMap(Document::invoice, d -> d.days().size()));
    return Rows.select(
            s,
            INSERT,
            Rows.param(documents.stream().map(Document::tenant).toList()),
            Rows.param(documents.stream().map(Document::invoice).toList()),
            documents.stream()
                .map(d -> base64.encodeToString(d.bytes()))
                .collect(Collectors.joining(",")),
            Rows.param(ofDays),
            days[0],
            days[1],
            days[2])
        .map(
            rows ->
                rows.stream()
                    .filter(r -> r.number(1) != wanted.getOrDefault(r.uuid(0), 0))
                    .map(r -> r.uuid(0))
                    .toList());
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
    return documents(s, invoices, "document || coalesce(day_documents, '')");
  }

  /** The documents of some invoices without the rows of their days, not read. */
  public static Uni<Map<UUID, byte[]>> documentsWithoutDays(
      Mutiny.Session s, Collection<UUID> invoices) {
    return documents(s, invoices, "document");
  }

  private static Uni<Map<UUID, byte[]>> documents(
      Mutiny.Session s, Collection<UUID> invoices, String document) {
    if (invoices.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    return Rows.select(
            s,
            """
            select cast(invoice_id as text), encode(%s, 'base64') from rated_rows
            where invoice_id = any (cast(string_to_array(?1, ',') as uuid[]))\
            """
                .formatted(document),
            Rows.param(invoices))
        .map(
            rows -> {
              var found = new HashMap<UUID, byte[]>();
              Base64.Decoder base64 = Base64.getMimeDecoder();
              rows.forEach(r -> found.put(r.uuid(0), base64.decode(r.text(1))));
              return found;
            });
  }
}
