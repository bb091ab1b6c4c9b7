package dev.gpucloud.tenant.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.AuditFact;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.audit.AuditFilters.Condition;
import dev.gpucloud.tenant.tenants.TenantService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads entries, newest first. */
@ApplicationScoped
class AuditQueries {
  private final Transactions transactions;
  private final TenantService tenants;
  private final ObjectMapper json;

  AuditQueries(Transactions transactions, TenantService tenants, ObjectMapper json) {
    this.transactions = transactions;
    this.tenants = tenants;
    this.json = json;
  }

  /** Entries of all tenants, for the platform's staff. */
  Uni<Page<AuditEntryView>> all(AuditFilters filters, PageRequest page) {
    Condition condition = filters.condition();
    return transactions.asPlatform(
        s ->
            filters.tenant == null
                ? page(s, condition, page)
                : tenants
                    .load(s, filters.tenant)
                    .invoke(
                        tenant ->
                            condition.and(
                                "tenant_id = cast(cast(?# as text) as uuid)",
                                tenant.id().value().toString()))
                    .chain(() -> page(s, condition, page)));
  }

  /** Entries at one tenant; row-level security shows no others. */
  Uni<Page<AuditEntryView>> of(TenantId tenant, AuditFilters filters, PageRequest page) {
    Condition condition = filters.condition();
    return transactions.readAsTenant(tenant, s -> page(s, condition, page));
  }

  private Uni<Page<AuditEntryView>> page(Mutiny.Session s, Condition condition, PageRequest page) {
    page.after("sequence", Long::valueOf).ifPresent(after -> condition.and("sequence < ?#", after));
    return Sql.rows(
            s,
            "select sequence, entry from audit_content where "
                + condition.sql()
                + " order by sequence desc limit "
                + page.limit(),
            condition.parameters())
        .map(
            rows ->
                page.page(
                    rows,
                    row -> view(((Number) row[0]).longValue(), (String) row[1]),
                    row -> Map.of("sequence", row[0].toString())));
  }

  private AuditEntryView view(long sequence, String entry) {
    try {
      JsonNode tree = json.readTree(entry);
      return AuditEntryView.of(
          sequence, tree.path("id").asText(), json.treeToValue(tree, AuditFact.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an entry of the audit log is no AuditFact", e);
    }
  }
}
