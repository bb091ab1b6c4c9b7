package dev.gpucloud.billing.ratedrow;

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
  private static final String INSERT =
      """
      insert into rated_rows (tenant_id, invoice_id, document)
      select tenant, invoice, decode(document, 'base64')
      from unnest(cast(string_to_array(?1, ',') as uuid[]),
                  cast(string_to_array(?2, ',') as uuid[]),
                  string_to_array(?3, ',')) as d (tenant, invoice, document)\
      """;

  private StoredRows() {}

  /** A document as {@link RowsDocument} writes it. */
  public record Document(UUID tenant, UUID invoice, byte[] bytes) {}

  /** Writes the documents of new invoices with one statement. */
  public static Uni<Void> insert(Mutiny.Session s, List<Document> documents) {
    Base64.Encoder base64 = Base64.getEncoder();
    return documents.isEmpty()
        ? Uni.createFrom().voidItem()
        : Sql.update(
                s,
                INSERT,
                Rows.param(documents.stream().map(Document::tenant).toList()),
                Rows.param(documents.stream().map(Document::invoice).toList()),
                documents.stream()
                    .map(d -> base64.encodeToString(d.bytes()))
                    .collect(Collectors.joining(",")))
            .replaceWithVoid();
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

  /** The documents of some invoices, not read. */
  public static Uni<Map<UUID, byte[]>> documents(Mutiny.Session s, Collection<UUID> invoices) {
    if (invoices.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    return Rows.select(
            s,
            """
            select cast(invoice_id as text), encode(document, 'base64') from rated_rows
            where invoice_id = any (cast(string_to_array(?1, ',') as uuid[]))\
            """,
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
