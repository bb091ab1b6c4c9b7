package dev.gpucloud.inventory.faults;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.faults.engine.Breaker;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The breakers of all sites, each a row that decisions about its site lock. */
@ApplicationScoped
class SiteBreakers {
  private static final String READ =
      """
      select s.id, cast(extract(epoch from b.open_since) * 1000 as bigint) as open_since,
        count(f.id) filter (where f.decision = 'HOST_QUARANTINED') as hosts,
        count(f.id) filter (where f.decision = 'GPU_DRAINED') as gpus
      from site s
      left join fault_breaker b on b.site_id = s.id
      left join gpu_fault f on f.site_id = s.id
        and f.decision in ('HOST_QUARANTINED', 'GPU_DRAINED')
        and f.recorded_at > ?1 and (b.counted_from is null or f.recorded_at > b.counted_from)
      where (cast(?2 as text) is null or s.id = cast(?2 as text))
      group by s.id, b.open_since order by s.id""";

  private final FaultConfig config;
  private final InstantSource system;

  SiteBreakers(FaultConfig config, @SystemClock InstantSource system) {
    this.config = config;
    this.system = system;
  }

  Breaker breaker() {
    return new Breaker(config.hostLimit(), config.gpuLimit());
  }

  /** Reads the breaker of a site and keeps others from deciding about it until the commit. */
  Uni<Breaker.Reading> lock(Mutiny.Session s, String site) {
    return Sql.update(
            s, "insert into fault_breaker (site_id) values (?1) on conflict do nothing", site)
        .chain(
            () ->
                Sql.rows(
                    s,
                    "select site_id, version from fault_breaker where site_id = ?1 for update",
                    site))
        .chain(() -> read(s, site))
        .map(
            views -> {
              BreakerView view = views.getFirst();
              return new Breaker.Reading(view.open(), view.hostsTaken(), view.gpusTaken());
            });
  }

  /** The breakers, of one site or of all. */
  Uni<List<BreakerView>> read(Mutiny.Session s, @Nullable String site) {
    return Sql.rows(s, READ, since(), site).map(rows -> rows.stream().map(this::view).toList());
  }

  private OffsetDateTime since() {
    return system.instant().minus(config.window()).atOffset(ZoneOffset.UTC);
  }

  private BreakerView view(Object[] row) {
    Number openSince = (Number) row[1];
    return new BreakerView(
        (String) row[0],
        openSince != null,
        openSince == null ? null : Instant.ofEpochMilli(openSince.longValue()),
        ((Number) row[2]).longValue(),
        config.hostLimit(),
        ((Number) row[3]).longValue(),
        config.gpuLimit(),
        config.window().toString());
  }

  Uni<Void> open(Mutiny.Session s, String site) {
    return Sql.update(
            s,
            """
            update fault_breaker set open_since = ?2, version = version + 1
            where site_id = ?1 and open_since is null""",
            site,
            system.instant().atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  /** Closes the breaker and counts anew; what it held back is not made up for. */
  Uni<BreakerView> reset(Mutiny.Session s, String site, String actor, String reason) {
    return require(s, site)
        .chain(() -> lock(s, site))
        .chain(
            () ->
                Sql.update(
                    s,
                    """
                    update fault_breaker set open_since = null, counted_from = ?2, reset_by = ?3,
                      reset_reason = ?4, version = version + 1
                    where site_id = ?1""",
                    site,
                    system.instant().atOffset(ZoneOffset.UTC),
                    actor,
                    reason))
        .chain(() -> read(s, site))
        .map(List::getFirst);
  }

  /** 404 for a site that does not exist. */
  private static Uni<Void> require(Mutiny.Session s, String site) {
    return Sql.rows(s, "select id, version from site where id = ?1", site)
        .invoke(
            rows -> {
              if (rows.isEmpty()) {
                throw ProblemType.NOT_FOUND.because("There is no site '" + site + "'.");
              }
            })
        .replaceWithVoid();
  }
}
