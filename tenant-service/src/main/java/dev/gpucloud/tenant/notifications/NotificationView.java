package dev.gpucloud.tenant.notifications;

import dev.gpucloud.contracts.id.NotificationId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Something that people of a tenant were told, and what became of it. */
@Schema(name = "Notification")
record NotificationView(
    @Schema(implementation = String.class) NotificationId id,
    @Schema(examples = "tenant.suspended") String kind,
    @Schema(description = "Id of what it is about.") String resource,
    @Schema(description = "In the tenant's language.") String title,
    String text,
    @Schema(description = "The values that the text names.") Map<String, String> details,
    @Schema(description = "When it happened, by the business clock.") Instant at,
    @Schema(
            enumeration = {"PENDING", "SENT", "DEAD", "NOBODY"},
            description =
                "PENDING while one dispatch is; DEAD when one was given up; NOBODY when there was"
                    + " nobody to tell.")
        String state,
    @Schema(description = "All of them for an owner, others see their own.")
        List<DispatchView> dispatches) {}
