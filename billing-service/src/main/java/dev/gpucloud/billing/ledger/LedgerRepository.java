package dev.gpucloud.billing.ledger;

import dev.gpucloud.billing.ledger.engine.LedgerTransaction;
import dev.gpucloud.billing.ledger.engine.Posting;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.Ids;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Writes transactions of the ledger; the database refuses to write one twice or to change it. */
@ApplicationScoped
public class LedgerRepository {
  private final Rows rows;

  LedgerRepository(Rows rows) {
    this.rows = rows;
  }

  /** A transaction of a tenant's document; {@code corrects} is the document it corrects. */
  public record Post(UUID tenant, LedgerTransaction transaction, @Nullable String corrects) {
    /** What corrects nothing. */
    public static Post of(UUID tenant, LedgerTransaction transaction) {
      return new Post(tenant, transaction, null);
    }
  }

  /** Who posts: the account at the identity provider, and the name that people know. */
  public record Poster(String subject, String name) {}

  private record TransactionRow(
      UUID tenantId,
      UUID id,
      String document,
      String kind,
      int version,
      @Nullable String corrected,
      String postedBy,
      String postedByName,
      Instant postedAt) {
    static TransactionRow of(Post post, Poster by, Instant at) {
      LedgerTransaction t = post.transaction();
      return new TransactionRow(
          post.tenant(),
          Ids.next(),
          t.document(),
          t.kind().name(),
          t.version(),
          post.corrects(),
          by.subject(),
          by.name(),
          at);
    }
  }

  private record EntryRow(
      UUID tenantId, UUID transactionId, int ordinal, String account, long amountKrw) {}

  /** Posts all transactions in the session's transaction. */
  public Uni<Void> post(
      Mutiny.Session s, UUID tenant, List<LedgerTransaction> all, Poster by, Instant at) {
    return post(s, all.stream().map(t -> Post.of(tenant, t)).toList(), by, at);
  }

  /** Posts transactions of many documents with two statements. */
  public Uni<Void> post(Mutiny.Session s, List<Post> all, Poster by, Instant at) {
    List<TransactionRow> transactions =
        all.stream().map(post -> TransactionRow.of(post, by, at)).toList();
    List<EntryRow> entries =
        IntStream.range(0, all.size())
            .boxed()
            .flatMap(i -> entries(transactions.get(i), all.get(i).transaction().postings()))
            .toList();
    return rows.writeAll(s, INSERT_TRANSACTIONS, transactions)
        .chain(() -> rows.writeAll(s, INSERT_ENTRIES, entries));
  }

  private static Stream<EntryRow> entries(TransactionRow transaction, List<Posting> postings) {
    return IntStream.range(0, postings.size())
        .mapToObj(
            i ->
                new EntryRow(
                    transaction.tenantId(),
                    transaction.id(),
                    i + 1,
                    postings.get(i).account().name(),
                    postings.get(i).signedAmount().amount()));
  }

  private static final String INSERT_TRANSACTIONS =
      """
      insert into ledger_transaction
        (tenant_id, id, document, kind, version, corrects, posted_by, posted_by_name,
         posted_at)
      select t."tenantId", t.id, t.document, t.kind, t.version, c.id, t."postedBy",
             t."postedByName", t."postedAt"
      from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as t (
          "tenantId" uuid, id uuid, document text, kind text, version int, corrected text,
          "postedBy" text, "postedByName" text, "postedAt" timestamptz)
        left join ledger_transaction c
          on c.document = t.corrected and c.kind = 'ISSUE' and c.version = 1
      """;
  private static final String INSERT_ENTRIES =
      """
      insert into ledger_entry
      select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as e (
        "tenantId" uuid, "transactionId" uuid, ordinal int, account text, "amountKrw" bigint)\
      """;
}
