package dev.gpucloud.tenant.dispatches;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.notifications.engine.Language;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A notification on its way to one recipient, as it was taken from the list. */
record Dispatch(
    UUID id,
    UUID notification,
    @Nullable TenantId tenant,
    String kind,
    String resource,
    String details,
    Instant at,
    String addressee,
    String recipient,
    int attempts,
    byte @Nullable [] sealed,
    @Nullable Language language,
    @Nullable Target target) {

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
