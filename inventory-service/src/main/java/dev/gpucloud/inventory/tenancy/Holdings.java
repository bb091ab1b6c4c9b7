package dev.gpucloud.inventory.tenancy;

import dev.gpucloud.contracts.event.ClosingFact.Blocker;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.kit.access.TenantHolder;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** What inventory still holds of a tenant: instances and volumes. */
@ApplicationScoped
class Holdings implements TenantHolder {
  private static final String COUNTS =
      """
      select (select count(*) from instance where tenant_id = ?1 and state <> 'DELETED'),
             (select count(*) from volume where tenant_id = ?1 and state <> 'DELETED')""";

  @Override
  public String topic() {
    return Topics.INVENTORY_CLOSINGS;
  }

  @Override
  public String type() {
    return EventTypes.INVENTORY_CLOSING_REPORTED;
  }

  @Override
  public Uni<List<Blocker>> holds(Mutiny.Session s, TenantFact tenant) {
    return Sql.rows(s, COUNTS, tenant.tenantId().value())
        .map(
            rows -> {
              List<Blocker> left = new ArrayList<>();
              add(left, "INSTANCES", "instance", rows.getFirst()[0]);
              add(left, "VOLUMES", "volume", rows.getFirst()[1]);
              return left;
            });
  }

  private static void add(List<Blocker> left, String code, String what, Object counted) {
    long count = ((Number) counted).longValue();
    if (count > 0) {
      left.add(
          new Blocker(
              code,
              count == 1
                  ? "1 " + what + " is not deleted."
                  : count + " " + what + "s are not deleted."));
    }
  }
}
