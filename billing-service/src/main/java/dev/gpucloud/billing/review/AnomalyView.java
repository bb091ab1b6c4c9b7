package dev.gpucloud.billing.review;

import dev.gpucloud.billing.review.engine.Anomaly;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A reason to look twice at a draft, and whether somebody has. */
@Schema(name = "InvoiceAnomaly")
record AnomalyView(
    @Schema(description = "With subject and detail it names the anomaly.") String code,
    String subject,
    String detail,
    boolean looked) {
  static AnomalyView of(Anomaly a, boolean looked) {
    return new AnomalyView(a.kind().name(), a.subject(), a.detail(), looked);
  }
}
