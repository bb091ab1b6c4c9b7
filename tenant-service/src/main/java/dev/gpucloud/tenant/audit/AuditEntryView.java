package dev.gpucloud.tenant.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.event.AuditFact;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An entry of the audit log as it is read. */
@Schema(name = "AuditEntry", description = "Who did what to which thing.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditEntryView(
    @Schema(examples = "1204", description = "Place in the log, 1 for the first entry.")
        long sequence,
    @Schema(description = "Id of the entry.") String id,
    Instant at,
    @Schema(examples = "tenant-service") String service,
    @Schema(enumeration = {"SECURITY", "CHANGE", "DENIAL", "READ"}) String category,
    AuditFact.Actor actor,
    @Schema(description = "As the gateway saw it; information, not proof.")
        @Nullable String sourceAddress,
    @Nullable String requestId,
    @Schema(examples = "tenant.member.set") String action,
    Target target,
    @Nullable Map<String, Object> before,
    @Nullable Map<String, Object> after,
    @Schema(description = "Values of the path and filters of the query.")
        @Nullable Map<String, String> parameters,
    @Schema(enumeration = {"DONE", "DENIED"}) String result,
    @Nullable Integer status,
    @Schema(description = "How many alike were counted together.") long count) {

  /** What was acted on. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "AuditTarget")
  public record Target(String type, @Nullable String id, @Nullable String tenant) {}

  static AuditEntryView of(long sequence, String id, AuditFact fact) {
    return new AuditEntryView(
        sequence,
        id,
        fact.at(),
        fact.service(),
        fact.category(),
        fact.actor(),
        fact.sourceAddress(),
        fact.requestId(),
        fact.action(),
        new Target(
            fact.target().type(),
            fact.target().id(),
            fact.target().tenant() == null ? null : fact.target().tenant().toString()),
        fact.before(),
        fact.after(),
        fact.parameters(),
        fact.result(),
        fact.status(),
        fact.count());
  }
}
