package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.id.GrantApplicationId;
import dev.gpucloud.contracts.id.GrantAwardId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Tells people what becomes of awards: the tenant's, and who applied where there is no tenant yet.
 */
@ApplicationScoped
class AwardNotices {
  private static final String APPLICANT =
      "select subject, applicant from grant_application where id = ?1";
  private final Notifications notifications;
  private final InstantSource clock;

  AwardNotices(Notifications notifications, @Business InstantSource clock) {
    this.notifications = notifications;
    this.clock = clock;
  }

  /** In the transaction of the change whose event has this type. */
  Uni<Void> tell(Mutiny.Session s, GrantCall call, GrantAward award, String type) {
    if (award.endReason() == GrantAward.EndReason.TENANT_CLOSED) {
      return notifications.tell(s, notice(NotificationKind.GRANT_ENDED_BY_CLOSING, call, award));
    }
    return switch (type) {
      case EventTypes.GRANT_OFFERED ->
          award.tenant() == null
              ? tellApplicant(s, withoutTenant(call, award), award)
              : notifications.tell(
                  s,
                  notice(NotificationKind.GRANT_OFFERED, call, award)
                      .with("acceptBy", award.acceptBy()));
      case EventTypes.GRANT_LAPSED ->
          tellApplicant(
              s,
              notice(NotificationKind.GRANT_LAPSED, call, award).with("acceptBy", award.acceptBy()),
              award);
      case EventTypes.GRANT_NOTICED ->
          notifications.tell(
              s,
              notice(NotificationKind.GRANT_NOTICED, call, award)
                  .with("usedPct", award.usedPct())
                  .with(
                      "clawBackAt",
                      clock.instant().plus(Duration.ofDays(call.terms().noticeDays()))));
      case EventTypes.GRANT_CLAWED_BACK ->
          notifications.tell(
              s,
              notice(NotificationKind.GRANT_CLAWED_BACK, call, award)
                  .with("usedPct", award.usedPct()));
      default -> Uni.createFrom().voidItem();
    };
  }

  private Notice withoutTenant(GrantCall call, GrantAward award) {
    return notice(NotificationKind.GRANT_OFFERED_WITHOUT_TENANT, call, award)
        .with("acceptBy", award.acceptBy())
        .with("application", new GrantApplicationId(award.application()));
  }

  private Uni<Void> tellApplicant(Mutiny.Session s, Notice notice, GrantAward award) {
    return Sql.rows(s, APPLICANT, award.application())
        .map(rows -> rows.getFirst())
        .chain(
            row ->
                notifications.tell(
                    s, notice.person((String) row[0]).with("applicant", (String) row[1])));
  }

  private Notice notice(NotificationKind kind, GrantCall call, GrantAward award) {
    return Notice.of(
            kind,
            award.tenant() == null ? null : new TenantId(award.tenant()),
            new GrantAwardId(award.id()).toString(),
            clock.instant())
        .with("programme", call.terms().name())
        .with("model", award.model())
        .with("gpus", award.gpus());
  }
}
