package dev.gpucloud.tenant.dispatches;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.id.NotificationId;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.tenant.apikeys.ApiKeysConfig;
import dev.gpucloud.tenant.apikeys.Sealing;
import dev.gpucloud.tenant.dispatches.Dispatch.Failed;
import dev.gpucloud.tenant.dispatches.Dispatch.Outcome;
import dev.gpucloud.tenant.dispatches.Dispatch.Sent;
import dev.gpucloud.tenant.dispatches.Dispatch.Target;
import dev.gpucloud.tenant.notifications.Wordings;
import dev.gpucloud.tenant.webhooks.engine.WebhookSecret;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Sends a dispatch to a webhook by the Standard Webhooks scheme. The id and the body are the same
 * at every try; the time of the try and, for a while after a rotation, both signatures go with it.
 */
@ApplicationScoped
class WebhookDispatcher {
  private static final int GONE = 410;

  private final OutsideCall outside;
  private final Wordings wordings;
  private final ObjectMapper json;
  private final Sealing sealing;
  private final InstantSource clock;

  WebhookDispatcher(
      OutsideCall outside,
      Wordings wordings,
      ObjectMapper json,
      ApiKeysConfig keys,
      @SystemClock InstantSource clock) {
    this.outside = outside;
    this.wordings = wordings;
    this.json = json;
    this.sealing = new Sealing(keys.sealingSecret());
    this.clock = clock;
  }

  Uni<Outcome> send(Dispatch dispatch) {
    Target target = Objects.requireNonNull(dispatch.target());
    String body = body(dispatch);
    return outside
        .post(URI.create(target.url()), headers(dispatch, target, body), body)
        .map(WebhookDispatcher::outcome)
        .onFailure()
        .recoverWithItem(failure -> new Failed(null, words(failure), false));
  }

  private static Outcome outcome(int status) {
    if (status >= 200 && status < 300) {
      return new Sent(status);
    }
    String problem =
        status >= 300 && status < 400
            ? "answered " + status + "; redirects are not followed"
            : "answered " + status;
    return new Failed(status, problem, status == GONE);
  }

  private static String words(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  private Map<String, String> headers(Dispatch dispatch, Target target, String body) {
    String id = new NotificationId(dispatch.notification()).toString();
    Instant now = clock.instant();
    long seconds = now.getEpochSecond();
    String signature = sign(target.secret(), id, seconds, body);
    if (target.previousSecret() != null
        && target.previousUntil() != null
        && now.isBefore(target.previousUntil())) {
      signature += " " + sign(target.previousSecret(), id, seconds, body);
    }
    return Map.of(
        "content-type",
        "application/json",
        "user-agent",
        "gpucloud-webhooks/1",
        "webhook-id",
        id,
        "webhook-timestamp",
        Long.toString(seconds),
        "webhook-signature",
        signature);
  }

  private String sign(byte[] sealed, String id, long seconds, String body) {
    return new WebhookSecret(sealing.open(sealed)).sign(id, seconds, body);
  }

  private String body(Dispatch dispatch) {
    var data = new LinkedHashMap<String, Object>();
    data.put("notificationId", new NotificationId(dispatch.notification()).toString());
    data.put("tenantId", String.valueOf(dispatch.tenant()));
    data.put("resource", dispatch.resource());
    data.putAll(new TreeMap<>(wordings.values(dispatch.details())));
    var message = new LinkedHashMap<String, Object>();
    message.put("type", dispatch.kind());
    message.put("timestamp", dispatch.at().toString());
    message.put("data", data);
    try {
      return json.writeValueAsString(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
