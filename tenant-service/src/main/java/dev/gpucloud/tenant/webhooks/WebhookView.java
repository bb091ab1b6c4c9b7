package dev.gpucloud.tenant.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.id.WebhookId;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A webhook as it is shown: never with its secret but in the answer that made it. */
@Schema(name = "Webhook")
@JsonInclude(JsonInclude.Include.NON_NULL)
record WebhookView(
    @Schema(implementation = String.class) WebhookId id,
    @Schema(implementation = String.class) TenantId tenantId,
    @Schema(examples = "https://ops.example.com/gpucloud") String url,
    String description,
    @Schema(
            description =
                "The only kinds of notifications that it is told; * is every kind, as is none if it"
                    + " names no events either.")
        List<String> kinds,
    @Schema(description = "Types of the event stream that it is told as well; none means no event.")
        List<String> events,
    @Schema(
            enumeration = {"ACTIVE", "PAUSED", "DISABLED"},
            description = "DISABLED: it failed for too long.")
        String state,
    @Schema(description = "Absent while the last message arrived.") @Nullable Instant failingSince,
    @Nullable Instant lastTriedAt,
    @Schema(description = "HTTP status of the last answer.") @Nullable Integer lastStatus,
    @Nullable String lastProblem,
    @Schema(description = "Until when the secret before the last rotation signs too.")
        @Nullable Instant previousSecretUntil,
    @Schema(
            description = "What its messages are signed with; in the first answer and never again.",
            examples = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        @Nullable String secret,
    @Schema(examples = "1", description = "Counts changes from 1; the ETag.") long version,
    Instant createdAt,
    Instant updatedAt) {

  static WebhookView of(WebhookEntity row) {
    return new WebhookView(
        row.id(),
        row.tenant(),
        row.url(),
        row.description(),
        row.kinds(),
        row.events(),
        row.state().name(),
        row.failingSince(),
        row.lastTriedAt(),
        row.lastStatus(),
        row.lastProblem(),
        row.previousUntil(),
        null,
        row.version(),
        row.createdAt(),
        row.updatedAt());
  }
}
