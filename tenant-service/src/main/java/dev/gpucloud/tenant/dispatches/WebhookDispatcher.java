package dev.gpucloud.tenant.dispatches;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.id.NotificationId;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.tenant.apikeys.ApiKeysConfig;
import dev.gpucloud.tenant.apikeys.Sealing;
import dev.gpucloud.tenant.dispatches.Dispatch.Event;
import dev.gpucloud.tenant.dispatches.Dispatch.Failed;
import dev.gpucloud.tenant.dispatches.Dispatch.Notified;
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
    Content content = content(dispatch);
    return outside
        .post(URI.create(target.url()), headers(content, target), content.body())
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

  /** A message, the same at every try. */
  private record Content(String id, String type, String body) {}

  private Content content(Dispatch dispatch) {
    return switch (dispatch.message()) {
      case Event event -> new Content(event.id(), "application/cloudevents+json", event.json());
      case Notified told ->
          new Content(
              new NotificationId(told.id()).toString(),
              "application/json",
              body(String.valueOf(dispatch.tenant()), told));
    };
  }

  private Map<String, String> headers(Content content, Target target) {
    Instant now = clock.instant();
    long seconds = now.getEpochSecond();
    String signature = sign(target.secret(), content, seconds);
    if (target.previousSecret() != null
        && target.previousUntil() != null
        && now.isBefore(target.previousUntil())) {
      signature += " " + sign(target.previousSecret(), content, seconds);
    }
    return Map.of(
        "content-type",
        content.type(),
        "user-agent",
        "gpucloud-webhooks/1",
        "webhook-id",
        content.id(),
        "webhook-timestamp",
        Long.toString(seconds),
        "webhook-signature",
        signature);
  }

  private String sign(byte[] sealed, Content content, long seconds) {
    return new WebhookSecret(sealing.open(sealed)).sign(content.id(), seconds, content.body());
  }

  private String body(String tenant, Notified told) {
    var data = new LinkedHashMap<String, Object>();
    data.put("notificationId", new NotificationId(told.id()).toString());
    data.put("tenantId", tenant);
    data.put("resource", told.resource());
    data.putAll(new TreeMap<>(wordings.values(told.details())));
    var message = new LinkedHashMap<String, Object>();
    message.put("type", told.kind());
    message.put("timestamp", told.at().toString());
    message.put("data", data);
    try {
      return json.writeValueAsString(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
