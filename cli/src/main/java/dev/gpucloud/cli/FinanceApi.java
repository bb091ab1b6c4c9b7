package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Invoices as the finance department works on them, as calls. */
public final class FinanceApi {
  static final String PATH = "/finance/invoices";
  private final ApiClient api;

  public FinanceApi(ApiClient api) {
    this.api = api;
  }

  /** Makes the draft of a tenant's month. */
  public JsonNode draft(String tenant, String month, String idempotencyKey) {
    return api.post(PATH, Json.object().put("tenant", tenant).put("month", month), idempotencyKey)
        .body();
  }

  /** All invoices the filters leave. */
  public JsonNode list(Map<String, String> filters) {
    Query query = new Query();
    filters.forEach(query::with);
    return api.list(PATH + query);
  }

  /** One by its id or number. */
  public JsonNode load(String id) {
    return api.get(path(id)).body();
  }

  /** The id of an invoice that is named by its id or number. */
  String id(String idOrNumber) {
    return idOrNumber.startsWith("inv_") ? idOrNumber : load(idOrNumber).path("id").asText();
  }

  /** A step on an invoice's way, with what is said about it and the key to repeat it under. */
  record Move(String action, @Nullable String comment, String idempotencyKey) {}

  /** {@code submit}, {@code return}, {@code approve} or {@code issue} what stands now. */
  public JsonNode act(String id, String action) {
    return act(id, new Move(action, null, ApiClient.newIdempotencyKey()));
  }

  JsonNode act(String id, Move move) {
    ObjectNode body = Json.object();
    if (move.comment() != null) {
      body.put("comment", move.comment());
    }
    return api.act(path(id), move.action(), body, move.idempotencyKey()).body();
  }

  /** What of an invoice is unlike last month. */
  JsonNode anomalies(String id) {
    return api.get(path(id) + "/anomalies").body();
  }

  /** Says of everything unlike last month that somebody has looked at it; answers how much. */
  public int lookAtAnomalies(String id, String note) {
    return lookAtAnomalies(id, note, anomaly -> true);
  }

  int lookAtAnomalies(String id, String note, Predicate<JsonNode> meant) {
    int looked = 0;
    for (JsonNode anomaly : anomalies(id)) {
      if (!anomaly.path("looked").asBoolean() && meant.test(anomaly)) {
        ObjectNode look = Json.object().put("note", note);
        for (String field : new String[] {"code", "subject", "detail"}) {
          look.put(field, anomaly.path(field).asText());
        }
        api.send("POST", path(id) + "/anomalies/look", look, Map.of());
        looked++;
      }
    }
    return looked;
  }

  private static String path(String id) {
    return PATH + "/" + ApiClient.escape(id);
  }
}
