package dev.gpucloud.tenant.dispatches;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.notifications.engine.Language;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A notification or an event on its way to one recipient, as it was taken from the list.
 *
 * @param message what it brings
 */
record Dispatch(
    UUID id,
    Message message,
    @Nullable TenantId tenant,
    String addressee,
    String recipient,
    int attempts,
    byte @Nullable [] sealed,
    @Nullable Language language,
    @Nullable Target target) {

  /** What people are told: a mail brings nothing else. */
  Notified notified() {
    return (Notified) message;
  }

  /** What is told. */
  sealed interface Message {}

  /** What people are told as well. */
  record Notified(UUID id, String kind, String resource, String details, Instant at)
      implements Message {}

  /** An event of the event stream, which a webhook alone is told. */
  record Event(String id, String json) implements Message {}

  /** The webhook that a dispatch goes to, with its sealed secrets. */
  record Target(
      UUID id,
      String url,
      byte[] secret,
      byte @Nullable [] previousSecret,
      @Nullable Instant previousUntil) {}

  /** What came of a try. */
  sealed interface Outcome {}

  /** It arrived. */
  record Sent(@Nullable Integer status) implements Outcome {}

  /** It did not. {@code isFinal}: it never will. */
  record Failed(@Nullable Integer status, String problem, boolean isFinal) implements Outcome {}
}
