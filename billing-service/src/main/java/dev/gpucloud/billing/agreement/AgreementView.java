package dev.gpucloud.billing.agreement;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An agreement as it is shown; {@code until} is exclusive. */
@Schema(name = "Agreement")
record AgreementView(
    String accountId,
    String reference,
    int version,
    String kind,
    Instant from,
    @Nullable Instant until,
    AgreementTerms terms,
    String agreedBy,
    Instant agreedAt) {

  static AgreementView of(Agreement a) {
    return new AgreementView(
        a.account().toString(),
        a.reference(),
        a.version(),
        a.kind().name(),
        a.from(),
        a.until(),
        a.terms(),
        a.agreedBy(),
        a.agreedAt());
  }
}
