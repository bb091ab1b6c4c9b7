package dev.gpucloud.tenant.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.audit.engine.ChainCheck;
import dev.gpucloud.tenant.audit.engine.ChainLink;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the chain as lines, a page of rows at a time, so that an export of any length needs little
 * memory. A JSON line has the entry's canonical text as a string: a verifier hashes exactly that.
 */
@ApplicationScoped
class AuditExport {
  static final String CSV_HEAD =
      "sequence,category,entryHash,hash,at,service,actorKind,actor,actorName,sourceAddress,"
          + "requestId,action,targetType,targetId,tenant,result,count,entry";

  private final Transactions transactions;
  private final ObjectMapper json;
  private final AuditConfig config;

  AuditExport(Transactions transactions, ObjectMapper json, AuditConfig config) {
    this.transactions = transactions;
    this.json = json;
    this.config = config;
  }

  /**
   * Lines of JSON without the last line feed, which the stream adds to each item: first where the
   * export begins, then a line for each entry.
   */
  Multi<Buffer> jsonLines(long from, long through) {
    return Multi.createBy()
        .concatenating()
        .streams(start(from).toMulti(), pages(from, through).map(rows -> lines(rows, this::line)));
  }

  /** Comma-separated values with a line of names. */
  Multi<Buffer> csv(long from, long through) {
    return Multi.createBy()
        .concatenating()
        .streams(
            Multi.createFrom().item(Buffer.buffer(CSV_HEAD)),
            pages(from, through).map(rows -> lines(rows, this::values)));
  }

  private Uni<Buffer> start(long from) {
    return transactions
        .systemSql(
            c -> from <= 1 ? Uni.createFrom().item(ChainLink.START) : ChainRows.link(c, from - 1))
        .map(
            link ->
                Buffer.buffer(
                    write(
                        json.createObjectNode()
                            .put("format", "gpucloud-audit-export-1")
                            .put("after", link.sequence())
                            .put("afterHash", link.hash()))));
  }

  private Multi<List<ChainCheck.Row>> pages(long from, long through) {
    long last = Math.min(through, Math.max(from, 1) - 1 + config.maxExport());
    return Multi.createBy()
        .repeating()
        .uni(
            () -> new AtomicLong(Math.max(from, 1) - 1),
            after ->
                transactions
                    .systemSql(c -> ChainRows.page(c, after.get(), last, ChainRows.PAGE))
                    .invoke(
                        rows -> {
                          if (!rows.isEmpty()) {
                            after.set(rows.getLast().sequence());
                          }
                        }))
        .whilst(rows -> rows.size() == ChainRows.PAGE)
        .filter(rows -> !rows.isEmpty());
  }

  private static Buffer lines(
      List<ChainCheck.Row> rows, java.util.function.Function<ChainCheck.Row, String> line) {
    return Buffer.buffer(rows.stream().map(line).collect(Collectors.joining("\n")));
  }

  private String line(ChainCheck.Row row) {
    return write(
        json.createObjectNode()
            .put("sequence", row.sequence())
            .put("category", row.category())
            .put("entryHash", row.entryHash())
            .put("hash", row.hash())
            .put("entry", row.canonical()));
  }

  private String values(ChainCheck.Row row) {
    JsonNode entry = read(row.canonical());
    return String.join(
        ",",
        Long.toString(row.sequence()),
        row.category(),
        row.entryHash(),
        row.hash(),
        quoted(entry.path("at")),
        quoted(entry.path("service")),
        quoted(entry.at("/actor/kind")),
        quoted(entry.at("/actor/subject")),
        quoted(entry.at("/actor/username")),
        quoted(entry.path("sourceAddress")),
        quoted(entry.path("requestId")),
        quoted(entry.path("action")),
        quoted(entry.at("/target/type")),
        quoted(entry.at("/target/id")),
        quoted(entry.at("/target/tenant")),
        quoted(entry.path("result")),
        quoted(entry.path("count")),
        quoted(row.canonical() == null ? "" : row.canonical()));
  }

  private static String quoted(JsonNode value) {
    return quoted(value.asText(""));
  }

  /** Quoted always; a leading sign that a spreadsheet would take for a formula is disarmed. */
  private static String quoted(String text) {
    boolean formula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
    return '"' + (formula ? "'" : "") + text.replace("\"", "\"\"") + '"';
  }

  private JsonNode read(@Nullable String entry) {
    try {
      return entry == null ? json.createObjectNode() : json.readTree(entry);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an entry of the audit log is no JSON", e);
    }
  }

  private String write(JsonNode line) {
    try {
      return json.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
