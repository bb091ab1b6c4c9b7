package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.CloseApi;
import dev.gpucloud.client.api.FinanceApi;
import dev.gpucloud.client.model.CreateInvoiceRequest;
import dev.gpucloud.client.model.InvoiceMoveRequest;
import dev.gpucloud.client.model.LookAtAnomaly;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Invoices as the finance department works on them, as calls. */
public final class FinanceInvoices {
  private final ApiClient api;

  /** A step on an invoice's way. */
  public enum Step {
    SUBMIT(FinanceApi::financeInvoicesResourceSubmit),
    RETURN(FinanceApi::financeInvoicesResourceSendBack),
    APPROVE(FinanceApi::financeInvoicesResourceApprove),
    ISSUE(FinanceApi::financeInvoicesResourceIssue);

    private final Function<String, Call<InvoiceMoveRequest, ?>> call;

    Step(Function<String, Call<InvoiceMoveRequest, ?>> call) {
      this.call = call;
    }
  }

  public FinanceInvoices(ApiClient api) {
    this.api = api;
  }

  /** Makes the draft of a tenant's month. */
  public JsonNode draft(String tenant, String month, String idempotencyKey) {
    CreateInvoiceRequest body = new CreateInvoiceRequest().tenant(tenant).month(month);
    return api.post(FinanceApi.financeInvoicesResourceCreate(), body, idempotencyKey).body();
  }

  /** All invoices the filters leave. */
  public JsonNode list(@Nullable String tenant, @Nullable String month, @Nullable String state) {
    return api.list(
        FinanceApi.financeInvoicesResourceList().tenant(tenant).month(month).state(state));
  }

  /** One by its id or number. */
  public JsonNode load(String id) {
    return api.get(FinanceApi.financeInvoicesResourceShow(id)).body();
  }

  /** The id of an invoice that is named by its id or number. */
  String id(String idOrNumber) {
    return idOrNumber.startsWith("inv_") ? idOrNumber : load(idOrNumber).path("id").asText();
  }

  /** Takes what stands now a step further. */
  public JsonNode act(String id, Step step) {
    return act(id, step, null, ApiClient.newIdempotencyKey());
  }

  /** As {@link #act(String, Step)} with what is said about it and the key to repeat it under. */
  JsonNode act(String id, Step step, @Nullable String comment, String idempotencyKey) {
    var now = FinanceApi.financeInvoicesResourceShow(id);
    InvoiceMoveRequest body = new InvoiceMoveRequest().comment(comment);
    return api.act(now, step.call.apply(id), body, idempotencyKey).body();
  }

  /** Makes a draft anew from today's usage and prices. */
  JsonNode rerate(String id, String idempotencyKey) {
    var now = FinanceApi.financeInvoicesResourceShow(id);
    return api.act(now, FinanceApi.financeInvoicesResourceRerate(id), null, idempotencyKey).body();
  }

  /** What of an invoice is unlike last month. */
  JsonNode anomalies(String id) {
    return api.get(CloseApi.reviewsResourceListAnomalies(id)).body();
  }

  /** Says of everything unlike last month that somebody has looked at it; answers how much. */
  public int lookAtAnomalies(String id, String note) {
    return lookAtAnomalies(id, note, anomaly -> true);
  }

  int lookAtAnomalies(String id, String note, Predicate<JsonNode> meant) {
    int looked = 0;
    for (JsonNode anomaly : anomalies(id)) {
      if (!anomaly.path("looked").asBoolean() && meant.test(anomaly)) {
        LookAtAnomaly look =
            new LookAtAnomaly()
                .note(note)
                .code(anomaly.path("code").asText())
                .subject(anomaly.path("subject").asText())
                .detail(anomaly.path("detail").asText());
        api.send(CloseApi.reviewsResourceLookAtAnomaly(id), look, Map.of());
        looked++;
      }
    }
    return looked;
  }
}
