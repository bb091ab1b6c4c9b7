package dev.gpucloud.tenant.tenants;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Tells the people of tenants below one that is suspended or resumed, for nothing new starts there
 * either meanwhile. Whom another suspension between or above holds anyway is told nothing: nothing
 * changes for them.
 */
@ApplicationScoped
class HeldBelow {
  private static final String CONCERNED =
      """
      with recursive above as (
        select t.parent_id from tenant t where t.tenant_id = ?1
        union all
        select t.parent_id from tenant t join above a on t.tenant_id = a.parent_id),
      below as (
        select t.tenant_id, t.name from tenant t where t.parent_id = ?1 and t.state = 'ACTIVE'
        union all
        select t.tenant_id, t.name from tenant t join below b on t.parent_id = b.tenant_id
        where t.state = 'ACTIVE')
      select b.tenant_id, b.name from below b
      where not exists (
        select from tenant t join above a on t.tenant_id = a.parent_id where t.state <> 'ACTIVE')
      order by b.tenant_id""";

  private final Notifications notifications;

  HeldBelow(Notifications notifications) {
    this.notifications = notifications;
  }

  /** One notice to each tenant for which the move of the one above changes anything. */
  Uni<Void> tell(Mutiny.Session session, TenantEntity above, NotificationKind kind, Instant now) {
    return Sql.rows(session, CONCERNED, above.uuid())
        .chain(
            rows -> {
              Uni<Void> done = Uni.createFrom().voidItem();
              for (Notice notice : notices(rows, above, kind, now)) {
                done = done.chain(() -> notifications.tell(session, notice));
              }
              return done;
            });
  }

  private static List<Notice> notices(
      List<Object[]> rows, TenantEntity above, NotificationKind kind, Instant now) {
    return rows.stream()
        .map(
            row -> {
              TenantId tenant = new TenantId((UUID) row[0]);
              return Notice.of(kind, tenant, tenant.toString(), now)
                  .with("tenantName", row[1])
                  .with("above", above.name());
            })
        .toList();
  }
}
