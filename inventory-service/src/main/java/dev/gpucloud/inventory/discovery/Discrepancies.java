package dev.gpucloud.inventory.discovery;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.inventory.discovery.engine.Finding;
import dev.gpucloud.inventory.discovery.engine.Finding.Kind;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what differs from what was announced. One is open per kind, site and host serial, however
 * often it is seen; it ends when an admin resolves it or a later look finds all as announced.
 */
@ApplicationScoped
public class Discrepancies {
  private final InstantSource business;
  private final MeterRegistry meters;

  Discrepancies(@Business InstantSource business, MeterRegistry meters) {
    this.business = business;
    this.meters = meters;
  }

  /** The host that something is found about; one that nobody announced has no id. */
  public record Subject(
      String site, String serial, @Nullable HostId host, @Nullable String delivery) {}

  /** Opens it, or notes that it was seen again. */
  public Uni<Void> found(Mutiny.Session s, Subject subject, Finding finding) {
    meters
        .counter(
            "gpucloud.discrepancies.seen", "kind", finding.kind().name(), "site", subject.site())
        .increment();
    return Sql.update(
            s,
            """
            insert into discrepancy as d (id, kind, site_id, delivery_id, host_id, serial, detail,
                                          state, opened_at, last_seen_at)
            values (?1, ?2, ?3, cast(?4 as text), cast(cast(?5 as text) as uuid), ?6, ?7, 'OPEN',
                    ?8, ?8)
            on conflict (kind, site_id, serial) where state = 'OPEN' do update
              set last_seen_at = excluded.last_seen_at, detail = excluded.detail,
                version = d.version
                  + case when d.detail is distinct from excluded.detail then 1 else 0 end""",
            Ids.next(),
            finding.kind().name(),
            subject.site(),
            subject.delivery(),
            subject.host() == null ? null : subject.host().value().toString(),
            subject.serial(),
            finding.detail(),
            now())
        .replaceWithVoid();
  }

  /** Ends open ones of these kinds about a host: it is as announced now. */
  public Uni<Integer> resolved(
      Mutiny.Session s, String serial, Collection<Kind> kinds, String note) {
    if (kinds.isEmpty()) {
      return Uni.createFrom().item(0);
    }
    return Sql.update(
        s,
        """
        update discrepancy set state = 'RESOLVED', resolved_at = ?3, resolved_by = 'system',
          note = ?4, version = version + 1
        where state = 'OPEN' and serial = ?1 and kind = any(string_to_array(?2, ','))""",
        serial,
        kinds.stream().map(Kind::name).collect(Collectors.joining(",")),
        now(),
        note);
  }

  /** Notes every host that was delivered before the instant and is still not found. */
  Uni<List<Object[]>> missing(Mutiny.Session s, OffsetDateTime deliveredBefore) {
    return Sql.rows(
        s,
        """
        insert into discrepancy (id, kind, site_id, delivery_id, host_id, serial, detail, state,
                                 opened_at, last_seen_at)
        select gen_random_uuid(), 'MISSING_HOST', h.site_id, h.delivery_id, h.id, h.serial,
          'Host ' || h.name || ' was delivered and is not found.', 'OPEN',
          cast(?2 as timestamptz), cast(?2 as timestamptz)
        from delivery d join host h on h.delivery_id = d.id
        where d.state = 'DELIVERED' and d.delivered_at < ?1 and h.state = 'EXPECTED'
          and not exists (select 1 from discrepancy o where o.serial = h.serial
                          and o.state = 'OPEN')
        on conflict do nothing
        returning serial, site_id""",
        deliveredBefore,
        now());
  }

  private OffsetDateTime now() {
    return business.instant().atOffset(ZoneOffset.UTC);
  }
}
