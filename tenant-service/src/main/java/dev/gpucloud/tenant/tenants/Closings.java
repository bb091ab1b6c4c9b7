package dev.gpucloud.tenant.tenants;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.ClosingFact;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.tenant.engine.Farewell;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;

/** Keeps what the other services say they still hold of closing tenants. */
@ApplicationScoped
class Closings {
  private static final TypeReference<List<ClosingFact.Blocker>> BLOCKERS = new TypeReference<>() {};

  private final ObjectMapper json;

  Closings(ObjectMapper json) {
    this.json = json;
  }

  /** What stands against the end of a tenant. */
  @Schema(name = "ClosingBlocker")
  record Blocker(
      @Schema(examples = "INSTANCES") String code,
      @Schema(examples = "inventory-service", description = "Who holds it.") String service,
      @Schema(examples = "2 instances are not deleted.") String detail) {}

  /** Everything that must be gone before the tenant is CLOSED. */
  Uni<List<Blocker>> blockers(Mutiny.Session session, TenantEntity tenant) {
    return Sql.rows(
            session,
            "select service, blockers from closing_report where tenant_id = ?1",
            tenant.uuid())
        .map(
            rows -> {
              Map<String, List<ClosingFact.Blocker>> said = new HashMap<>();
              rows.forEach(row -> said.put((String) row[0], read((String) row[1])));
              return Farewell.blockers(said).stream()
                  .map(b -> new Blocker(b.code(), b.service(), b.detail()))
                  .toList();
            });
  }

  Uni<Void> keep(Mutiny.Session session, ClosingFact fact) {
    return Sql.update(
            session,
            """
            insert into closing_report (tenant_id, service, blockers, at) values (?1, ?2, ?3, ?4)
            on conflict (tenant_id, service)
              do update set blockers = excluded.blockers, at = excluded.at""",
            fact.tenantId().value(),
            fact.service(),
            write(fact.blockers()),
            fact.at().atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  private List<ClosingFact.Blocker> read(String text) {
    try {
      return json.readValue(text, BLOCKERS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private String write(List<ClosingFact.Blocker> blockers) {
    try {
      return json.writeValueAsString(blockers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
