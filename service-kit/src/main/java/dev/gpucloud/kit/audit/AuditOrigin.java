package dev.gpucloud.kit.audit;

import dev.gpucloud.contracts.event.AuditFact;
import org.jspecify.annotations.Nullable;

/**
 * Where an act comes from; travels with work that commits outside its request.
 *
 * @param sourceAddress as the gateway saw it; information, not proof
 */
public record AuditOrigin(
    AuditFact.Actor actor, @Nullable String sourceAddress, @Nullable String requestId) {

  /** The service acting by itself. */
  public static AuditOrigin system(String service) {
    return new AuditOrigin(new AuditFact.Actor("SYSTEM", service, null, null, null), null, null);
  }
}
