package dev.gpucloud.billing.ledger;

import dev.gpucloud.billing.ledger.engine.LedgerTransaction;
import dev.gpucloud.billing.ledger.engine.Posting;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Writes transactions of the ledger; the database refuses to write one twice or to change it. */
@ApplicationScoped
public class LedgerRepository {
  private final Rows rows;

  LedgerRepository(Rows rows) {
    this.rows = rows;
  }

  private record EntryRow(
      UUID tenantId, UUID transactionId, int ordinal, String account, long amountKrw) {}

  /** Posts all transactions in the session's transaction. */
  public Uni<Void> post(
      Mutiny.Session s, UUID tenant, List<LedgerTransaction> all, String by, Instant at) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (LedgerTransaction t : all) {
      done = done.chain(() -> post(s, tenant, t, by, at));
    }
    return done;
  }

  private Uni<Void> post(
      Mutiny.Session s, UUID tenant, LedgerTransaction t, String by, Instant at) {
    return post(s, tenant, t, null, by, at);
  }

  /** Posts what corrects the issue of a document, and names it. */
  public Uni<Void> postCorrection(
      Mutiny.Session s, UUID tenant, LedgerTransaction t, String corrected, String by, Instant at) {
    return post(s, tenant, t, corrected, by, at);
  }

  private Uni<Void> post(
      Mutiny.Session s,
      UUID tenant,
      LedgerTransaction t,
      @Nullable String corrected,
      String by,
      Instant at) {
    UUID id = Ids.next();
    List<EntryRow> entries =
        IntStream.range(0, t.postings().size())
            .mapToObj(i -> entry(tenant, id, i, t.postings().get(i)))
            .toList();
    return Sql.update(
            s,
            """
            insert into ledger_transaction
              (tenant_id, id, document, kind, version, corrects, posted_by, posted_at)
            values (?1, ?2, ?3, ?4, ?5, (
              select id from ledger_transaction
              where document = cast(?8 as text) and kind = 'ISSUE' and version = 1), ?6, ?7)\
            """,
            tenant,
            id,
            t.document(),
            t.kind().name(),
            t.version(),
            by,
            Rows.param(at),
            corrected)
        .chain(() -> rows.writeAll(s, INSERT_ENTRIES, entries));
  }

  private static EntryRow entry(UUID tenant, UUID transaction, int index, Posting p) {
    return new EntryRow(
        tenant, transaction, index + 1, p.account().name(), p.signedAmount().amount());
  }

  private static final String INSERT_ENTRIES =
      """
      insert into ledger_entry
      select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as e (
        "tenantId" uuid, "transactionId" uuid, ordinal int, account text, "amountKrw" bigint)\
      """;
}
