package dev.gpucloud.tenant.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.tenant.audit.engine.ChainLink;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/**
 * Lengthens the chain, one writer at a time in the whole installation: an advisory lock guards its
 * head, which is the last row itself, so there is no second truth about it.
 */
@ApplicationScoped
public class ChainWriter {
  private static final String LOCK =
      "select pg_advisory_xact_lock(hashtextextended('audit-chain', 0))";
  private static final String HEAD =
      "select sequence, encode(hash, 'hex') from audit_entry order by sequence desc limit 1";
  private static final String INSERT =
      """
      with made as (
        select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::uuid[],
          $6::timestamptz[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
          $12::text[], $13::text[], $14::text[])
          u(sequence, category, entry_hash, hash, tenant_id, at, actor, actor_name, action,
            target_type, target_id, request_id, result, entry)),
      linked as (
        insert into audit_entry (sequence, category, recorded_at, entry_hash, hash)
        select sequence, category, $15, decode(entry_hash, 'hex'), decode(hash, 'hex') from made)
      insert into audit_content (sequence, tenant_id, at, actor, actor_name, action, target_type,
        target_id, request_id, result, entry)
      select sequence, tenant_id, at, actor, actor_name, action, target_type, target_id,
        request_id, result, entry from made""";

  /**
   * An entry before it has its place.
   *
   * @param fact what it says, as the service told it
   */
  public record NewEntry(String id, String source, JsonNode fact) {
    private String canonical() {
      ObjectNode whole = fact.deepCopy();
      return CanonicalJson.of(whole.put("id", id).put("source", source));
    }
  }

  /** Appends in the order given; answers the new head. */
  public Uni<ChainLink> append(SqlConnection c, List<NewEntry> entries, Instant now) {
    return c.query(LOCK)
        .execute()
        .chain(() -> head(c))
        .chain(
            head -> {
              var batch = new Batch(entries.size(), head);
              entries.forEach(batch::add);
              return c.preparedQuery(INSERT).execute(batch.columns(now)).replaceWith(batch.head());
            });
  }

  /** The last link, or the start of an empty chain. */
  public static Uni<ChainLink> head(SqlConnection c) {
    return c.preparedQuery(HEAD).execute().map(ChainWriter::link);
  }

  private static ChainLink link(RowSet<Row> rows) {
    if (rows.size() == 0) {
      return ChainLink.START;
    }
    Row row = rows.iterator().next();
    return new ChainLink(row.getLong(0), row.getString(1));
  }

  /** The columns of many rows, filled row by row. */
  private static final class Batch {
    private final Long[] sequences;
    private final String[] entryHashes;
    private final String[] hashes;
    private final UUID[] tenants;
    private final OffsetDateTime[] times;
    private final String[][] texts;
    private ChainLink head;
    private int n;

    Batch(int size, ChainLink head) {
      this.head = head;
      sequences = new Long[size];
      entryHashes = new String[size];
      hashes = new String[size];
      tenants = new UUID[size];
      times = new OffsetDateTime[size];
      texts = new String[9][size];
    }

    void add(NewEntry entry) {
      JsonNode fact = entry.fact();
      String canonical = entry.canonical();
      String category = fact.path("category").asText();
      String entryHash = ChainLink.entryHash(canonical);
      head = head.next(category, entryHash);
      sequences[n] = head.sequence();
      entryHashes[n] = entryHash;
      hashes[n] = head.hash();
      SearchColumns found = SearchColumns.of(fact);
      tenants[n] = found.tenant();
      times[n] = found.at().atOffset(ZoneOffset.UTC);
      String[] row = {
        category,
        found.actor(),
        found.actorName(),
        found.action(),
        found.targetType(),
        found.targetId(),
        found.requestId(),
        found.result(),
        canonical
      };
      for (int column = 0; column < row.length; column++) {
        texts[column][n] = row[column];
      }
      n++;
    }

    ChainLink head() {
      return head;
    }

    Tuple columns(Instant now) {
      Tuple columns =
          Tuple.tuple()
              .addArrayOfLong(sequences)
              .addArrayOfString(texts[0])
              .addArrayOfString(entryHashes)
              .addArrayOfString(hashes)
              .addArrayOfUUID(tenants)
              .addArrayOfOffsetDateTime(times);
      for (int column = 1; column < texts.length; column++) {
        columns.addArrayOfString(texts[column]);
      }
      return columns.addOffsetDateTime(now.atOffset(ZoneOffset.UTC));
    }
  }
}
