package dev.gpucloud.tenant.apikeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.tenant.engine.KeyRefusal;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Either a token or the reason why there is none; both are answers, not failures. */
@Schema(name = "ApiKeyExchange")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ExchangeAnswer(
    @Nullable String token,
    @Nullable Instant expiresAt,
    @Nullable String subject,
    @Nullable KeyRefusal refusal) {

  static ExchangeAnswer accepted(String token, Instant expiresAt, String subject) {
    return new ExchangeAnswer(token, expiresAt, subject, null);
  }

  static ExchangeAnswer refused(KeyRefusal refusal) {
    return new ExchangeAnswer(null, null, null, refusal);
  }
}
