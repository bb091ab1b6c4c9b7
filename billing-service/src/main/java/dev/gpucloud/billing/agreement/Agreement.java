package dev.gpucloud.billing.agreement;

import dev.gpucloud.billing.statement.engine.Term;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A version of what is agreed with an account under a reference, such as a contract's number. */
public record Agreement(
    UUID tenant,
    UUID account,
    String reference,
    int version,
    Kind kind,
    Instant from,
    @Nullable Instant until,
    AgreementTerms terms,
    String agreedBy,
    Instant agreedAt) {

  /** What is agreed. */
  public enum Kind {
    CONTRACT_PRICE,
    USAGE_COMMITMENT,
    SPEND_COMMITMENT,
    MONTHLY_FEE,
    TAXATION
  }

  Term term() {
    return new Term(from, until);
  }
}
