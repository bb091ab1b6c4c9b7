package dev.gpucloud.kit.audit;

import dev.gpucloud.contracts.event.AuditFact;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where an act comes from; travels with work that commits outside its request.
 *
 * @param sourceAddress as the gateway saw it; information, not proof
 * @param action what the request's endpoint does; null outside of a request
 */
public record AuditOrigin(
    AuditFact.Actor actor,
    @Nullable String sourceAddress,
    @Nullable String requestId,
    @Nullable String action) {

  /**
   * The name of the endpoint's action where its first word is one of these, or the other one: a
   * request for something else, or none at all, has led to the work.
   */
  public String actionOf(Set<String> things, String otherwise) {
    return action != null && things.contains(action.substring(0, action.indexOf('.')))
        ? action
        : otherwise;
  }

  /** The service acting by itself. */
  public static AuditOrigin system(String service) {
    return new AuditOrigin(
        new AuditFact.Actor("SYSTEM", service, null, null, null), null, null, null);
  }
}
