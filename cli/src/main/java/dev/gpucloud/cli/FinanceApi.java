package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.stream.Collectors;

/** Invoices as the finance department works on them, as calls. */
public final class FinanceApi {
  private static final String PATH = "/finance/invoices";
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
    String query =
        filters.entrySet().stream()
            .map(e -> e.getKey() + "=" + ApiClient.escape(e.getValue()))
            .collect(Collectors.joining("&"));
    return api.list(PATH + (query.isEmpty() ? "" : "?" + query));
  }

  /** One by its id or number. */
  public JsonNode load(String id) {
    return api.get(PATH + "/" + ApiClient.escape(id)).body();
  }

  /**
   * {@code submit}, {@code return}, {@code approve} or {@code issue} on the version that stands
   * now: an edit by somebody else in between is refused, not overwritten.
   */
  public JsonNode act(String id, String action) {
    String path = PATH + "/" + ApiClient.escape(id);
    String etag = api.get(path).header("ETag");
    Map<String, String> headers =
        etag.isEmpty()
            ? Map.of("Idempotency-Key", ApiClient.newIdempotencyKey())
            : Map.of("Idempotency-Key", ApiClient.newIdempotencyKey(), "If-Match", etag);
    return api.send("POST", path + "/" + action, Json.object(), headers).body();
  }

  /** Says of everything unlike last month that somebody has looked at it; answers how much. */
  public int lookAtAnomalies(String id, String note) {
    String path = PATH + "/" + ApiClient.escape(id) + "/anomalies";
    int looked = 0;
    for (JsonNode anomaly : api.get(path).body()) {
      if (!anomaly.path("looked").asBoolean()) {
        ObjectNode look = Json.object().put("note", note);
        for (String field : new String[] {"code", "subject", "detail"}) {
          look.put(field, anomaly.path(field).asText());
        }
        api.send("POST", path + "/look", look, Map.of());
        looked++;
      }
    }
    return looked;
  }
}
