package dev.gpucloud.billing.close;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;

/** Quarantined events and estimated ends of a month. */
@ApplicationScoped
class EventFindings implements FindingSource {
  private static final int MOST_FINDINGS = 10_000;
  private static final String QUARANTINED =
      """
      select cast(position as text), id, reason, event ->> 'subject', event ->> 'type'
      from quarantined_event
        cross join lateral (
          select case when pg_input_is_valid(event -> 'data' ->> 'at', 'timestamptz')
            then event -> 'data' ->> 'at' else event ->> 'time' end as text) at
      where event ->> 'topic' = ?1
        and event ->> 'tenant' = any (string_to_array(?2, ','))
        and cast(at.text as timestamptz) >= ?3 and cast(at.text as timestamptz) < ?4
      order by position limit ?5""";
  private static final String ESTIMATED =
      """
      select cast(run_id as text), cast(instance_id as text), millis(ended_at) from run
      where tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
        and end_reason = 'HOST_UNREACHABLE' and coalesce(ended_at, 'infinity') > ?2
        and coalesce(ended_at, 'infinity') <= ?3
      order by ended_at, run_id limit ?4""";

  @Override
  public Uni<List<Finding>> find(Mutiny.Session s, Account account, BillingMonth month) {
    var found = new ArrayList<Finding>();
    return Rows.select(
            s,
            QUARANTINED,
            Topics.INSTANCES,
            String.join(",", account.tenants().stream().map(t -> t.id().toString()).toList()),
            Rows.param(month.start()),
            Rows.param(month.end()),
            MOST_FINDINGS)
        .invoke(rows -> rows.forEach(r -> found.add(quarantined(r))))
        .chain(
            () ->
                Rows.select(
                    s,
                    ESTIMATED,
                    Rows.param(account.tenantIds()),
                    Rows.param(month.start()),
                    Rows.param(month.end()),
                    MOST_FINDINGS))
        .invoke(rows -> rows.forEach(r -> found.add(estimated(r))))
        .replaceWith(found);
  }

  private static Finding quarantined(Row r) {
    return new Finding(
        Check.QUARANTINED_EVENT,
        r.text(0),
        "Event %s (%s) of %s is in quarantine: %s."
            .formatted(r.text(1), r.text(4), r.text(3), r.text(2)),
        Map.of("eventId", r.text(1), "instanceId", r.text(3), "reason", r.text(2)));
  }

  private static Finding estimated(Row r) {
    String run = new RunId(r.uuid(0)).toString();
    return new Finding(
        Check.ESTIMATED_END,
        run,
        "Run " + run + " is taken to have ended at " + r.instant(2) + ": its host was lost.",
        Map.of(
            "runId",
            run,
            "instanceId",
            new InstanceId(r.uuid(1)).toString(),
            "endedAt",
            r.instant(2).toString()));
  }
}
