package dev.gpucloud.tenant.tenants;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.tenant.engine.TenantAction;
import dev.gpucloud.tenant.engine.TenantState;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One step of a tenant's life: what was done, by whom, when and why. */
@Schema(name = "TenantMove", description = "One step of a tenant's life.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TenantMove(
    @Schema(
            examples = "suspend",
            description = "open, apply, approve, activate, suspend, resume, close or finish.")
        String action,
    @Schema(description = "The state before; absent for the first.") @Nullable TenantState from,
    TenantState to,
    @Schema(description = "Subject of the person, or 'system'.") String actor,
    @Schema(examples = "kim.jisoo") String actorName,
    @Nullable String reason,
    Instant at) {
  static final String OPEN = "open";
  static final String APPLY = "apply";

  /** A tenant that the platform opened without an application. */
  public static TenantMove opened(Actor by, Instant at) {
    return new TenantMove(OPEN, null, TenantState.ACTIVE, by.subject(), by.name(), null, at);
  }

  /** The application that a tenant began with. */
  public static TenantMove applied(Actor by, @Nullable String purpose, Instant at) {
    return new TenantMove(APPLY, null, TenantState.APPLIED, by.subject(), by.name(), purpose, at);
  }

  /** A move that was made. */
  public static TenantMove of(
      TenantAction action,
      TenantState from,
      TenantState to,
      Actor by,
      @Nullable String reason,
      Instant at) {
    return new TenantMove(action.word(), from, to, by.subject(), by.name(), reason, at);
  }
}
