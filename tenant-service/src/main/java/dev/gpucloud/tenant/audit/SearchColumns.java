package dev.gpucloud.tenant.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an entry is found by. It stands beside the entry and follows from it; only the entry itself
 * is hashed, so a check compares the two.
 */
record SearchColumns(
    @Nullable UUID tenant,
    Instant at,
    String actor,
    @Nullable String actorName,
    String action,
    String targetType,
    @Nullable String targetId,
    @Nullable String requestId,
    String result) {
  static SearchColumns of(JsonNode fact) {
    String tenant = text(fact.at("/target/tenant"));
    return new SearchColumns(
        tenant == null ? null : TenantId.parse(tenant).value(),
        Instant.parse(fact.path("at").asText()).truncatedTo(ChronoUnit.MICROS),
        fact.at("/actor/subject").asText(),
        text(fact.at("/actor/username")),
        fact.path("action").asText(),
        fact.at("/target/type").asText(),
        text(fact.at("/target/id")),
        text(fact.path("requestId")),
        fact.path("result").asText());
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() ? node.asText() : null;
  }
}
