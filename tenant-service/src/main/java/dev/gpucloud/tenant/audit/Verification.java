package dev.gpucloud.tenant.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.audit.engine.ChainCheck;
import dev.gpucloud.tenant.audit.engine.ChainLink;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Walks the whole chain with its checkpoints and answers what does not hold. */
@ApplicationScoped
class Verification {
  private static final int MOST_FINDINGS = 100;

  private final Transactions transactions;
  private final ObjectMapper json;

  Verification(Transactions transactions, ObjectMapper json) {
    this.transactions = transactions;
    this.json = json;
  }

  /** Checks from the first entry to the last that there is when it begins. */
  Uni<VerificationView> run() {
    return transactions.systemSql(
        c ->
            CheckpointRows.keys(c)
                .chain(
                    keys ->
                        CheckpointRows.newest(c, 1)
                            .chain(
                                newest ->
                                    ChainWriter.head(c)
                                        .chain(
                                            head ->
                                                walk(
                                                    new Walk(
                                                        keys,
                                                        newest.isEmpty()
                                                            ? 0
                                                            : newest.getFirst().count(),
                                                        head.sequence()),
                                                    0)))));
  }

  /** One walk's knowledge. */
  private final class Walk {
    final Map<String, String> keys;
    final long signed;
    final long through;
    final ChainCheck check = new ChainCheck(ChainLink.START);
    final List<ChainCheck.Finding> others = new ArrayList<>();
    long checkpoints;

    Walk(Map<String, String> keys, long signed, long through) {
      this.keys = keys;
      this.signed = signed;
      this.through = through;
    }

    void accept(
        List<ChainCheck.Row> rows, Map<Long, SearchColumns> found, List<Checkpoint> signedHere) {
      int next = 0;
      for (ChainCheck.Row row : rows) {
        check.accept(row);
        String entry = row.canonical();
        SearchColumns columns = found.get(row.sequence());
        // what was changed is found by its hash, and may be anything
        if (entry != null
            && columns != null
            && ChainLink.entryHash(entry).equals(row.entryHash())) {
          JsonNode told = read(entry);
          compare(row.sequence(), told, columns);
          tellDrop(told);
        }
        while (next < signedHere.size() && signedHere.get(next).count() <= row.sequence()) {
          accept(signedHere.get(next++));
        }
      }
    }

    private void accept(Checkpoint checkpoint) {
      checkpoints++;
      check.checkpoint(checkpoint.count(), checkpoint.hash());
      String key = keys.getOrDefault(checkpoint.keyId(), "");
      byte[] signature = Base64.getDecoder().decode(checkpoint.signature());
      if (!SigningKey.verifies(key, checkpoint.signedText(), signature)) {
        others.add(
            new ChainCheck.Finding(
                ChainCheck.Kind.CHECKPOINT_DIFFERS,
                checkpoint.count(),
                "its signature is not that of its key"));
      }
    }

    /** An entry that is found by something else than it says is hidden from who looks for it. */
    private void compare(long sequence, JsonNode told, SearchColumns columns) {
      if (!SearchColumns.of(told).equals(columns) && others.size() < MOST_FINDINGS) {
        others.add(
            new ChainCheck.Finding(
                ChainCheck.Kind.CHANGED, sequence, "what it is found by is not what it says"));
      }
    }

    private void tellDrop(JsonNode told) {
      if (told.path("action").asText().equals(Retention.ACTION)
          && told.path("source").asText().equals(Retention.SOURCE)) {
        check.dropped(told.at("/after/category").asText(), told.at("/after/through").asLong());
      }
    }

    VerificationView end() {
      List<ChainCheck.Finding> findings = new ArrayList<>(check.end(signed));
      findings.addAll(others);
      return new VerificationView(
          findings.isEmpty(), check.rows(), checkpoints, check.last().hash(), findings);
    }
  }

  private Uni<VerificationView> walk(Walk walk, long after) {
    return transactions
        .systemSql(
            c ->
                ChainRows.page(c, after, walk.through, ChainRows.PAGE)
                    .chain(
                        rows ->
                            rows.isEmpty()
                                ? Uni.createFrom().item(rows)
                                : accept(c, walk, after, rows).replaceWith(rows)))
        .chain(
            rows ->
                rows.size() < ChainRows.PAGE
                    ? Uni.createFrom().item(walk::end)
                    : walk(walk, rows.getLast().sequence()));
  }

  private static Uni<Void> accept(
      SqlConnection c, Walk walk, long after, List<ChainCheck.Row> rows) {
    long through = rows.getLast().sequence();
    return ChainRows.searchColumns(c, after, through)
        .chain(
            found ->
                CheckpointRows.between(c, after, through)
                    .invoke(signed -> walk.accept(rows, found, signed)))
        .replaceWithVoid();
  }

  private JsonNode read(String entry) {
    try {
      return json.readTree(entry);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an entry of the audit log is no JSON", e);
    }
  }
}
