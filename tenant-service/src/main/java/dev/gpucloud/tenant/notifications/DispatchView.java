package dev.gpucloud.tenant.notifications;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.contracts.id.DispatchId;
import dev.gpucloud.contracts.id.NotificationId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.id.WebhookId;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The way of a notification, or of an event, to one recipient. */
@Schema(name = "NotificationDispatch")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DispatchView(
    @Schema(implementation = String.class) DispatchId id,
    @Schema(implementation = String.class, description = "Of one that brings a notification.")
        @Nullable NotificationId notificationId,
    @Schema(description = "Of one that brings a webhook an event: its id in the event stream.")
        @Nullable String eventId,
    @Schema(implementation = String.class) @Nullable TenantId tenantId,
    @Schema(examples = "tenant.suspended", description = "Of the notification; the event's type.")
        String kind,
    @Schema(enumeration = {"MAIL", "WEBHOOK"}) String channel,
    @Schema(description = "Subject of a person, e-mail address, or id of a webhook.")
        String recipient,
    @Schema(
            enumeration = {"PENDING", "SENT", "DEAD"},
            description = "DEAD: given up.")
        String state,
    @Schema(description = "Tries until now.") int attempts,
    @Schema(description = "Of one that is PENDING.") @Nullable Instant nextTryAt,
    @Schema(description = "HTTP status of the last answer of a webhook.")
        @Nullable Integer lastStatus,
    @Schema(description = "Why the last try failed.") @Nullable String problem,
    Instant createdAt,
    @Nullable Instant sentAt) {

  /** Columns of {@code notification_dispatch d} and {@code notification n}, for {@link #of}. */
  static final String COLUMNS =
      """
      d.dispatch_id, d.notification_id, d.tenant_id, coalesce(n.kind, d.event_type), d.channel,
      d.recipient, d.state, d.attempts, d.due_at, d.last_status, d.problem, d.created_at,
      d.sent_at, d.event_id\s""";

  /** What {@link #COLUMNS} are of. */
  static final String ROWS =
      "from notification_dispatch d left join notification n on n.notification_id = d.notification_id ";

  static DispatchView of(Object[] row) {
    String channel = (String) row[4];
    String recipient = (String) row[5];
    String state = (String) row[6];
    return new DispatchView(
        new DispatchId((UUID) row[0]),
        row[1] == null ? null : new NotificationId((UUID) row[1]),
        (String) row[13],
        row[2] == null ? null : new TenantId((UUID) row[2]),
        (String) row[3],
        channel,
        channel.equals("WEBHOOK")
            ? new WebhookId(UUID.fromString(recipient)).toString()
            : recipient,
        state,
        ((Number) row[7]).intValue(),
        state.equals("PENDING") ? Times.instant(row[8]) : null,
        row[9] == null ? null : ((Number) row[9]).intValue(),
        (String) row[10],
        Times.required(row[11]),
        Times.instant(row[12]));
  }
}
