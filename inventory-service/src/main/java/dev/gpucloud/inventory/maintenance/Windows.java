package dev.gpucloud.inventory.maintenance;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.MaintenanceWindowId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.hosts.FleetConfig;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Plans maintenance windows and calls them off; {@link WindowKeeper} carries them out. */
@ApplicationScoped
class Windows {
  /** All that a window can be, in their order. */
  static final List<String> STATES = List.of("PLANNED", "DRAINING", "OPEN", "DONE", "CANCELLED");

  /** Windows are planned one after the other, so that two cannot overlap unseen. */
  private static final String ONE_AT_A_TIME =
      "select 1, cast(pg_advisory_xact_lock(hashtextextended('maintenance-window', 0)) as text)";

  /** Which hosts stand in a scope: the same condition for windows and for what is asked. */
  private static final String IN_SCOPE =
      """
      (%1$s = 'HOST' and h.name = %2$s or %1$s = 'RACK' and h.rack_id = %2$s
        or %1$s = 'HALL' and h.hall_id = %2$s)""";

  /** Whether it was this window, as drain d, that closed host h and still keeps it closed. */
  static final String KEEPS_CLOSED =
      """
      (h.state = 'DRAINING' and d.state = 'OPEN'
        or h.state = 'MAINTENANCE' and d.state = 'DONE' and not exists (
          select 1 from host_drain e where e.host_id = h.id and e.id > d.id))""";

  private final FleetConfig config;
  private final InstantSource business;

  Windows(FleetConfig config, @Business InstantSource business) {
    this.config = config;
    this.business = business;
  }

  static String inScope(String scope, String target) {
    return IN_SCOPE.formatted(scope, target);
  }

  /**
   * Plans a window; 422 for an unknown target, 409 for a retired host and when another window
   * covers one of its hosts.
   */
  Uni<WindowEntity> plan(Mutiny.Session s, CreateWindowRequest asked, String actor) {
    check(asked);
    UUID id = Ids.next();
    return Sql.rows(s, ONE_AT_A_TIME)
        .chain(() -> exists(s, asked))
        .chain(() -> inTheFleet(s, asked))
        .chain(() -> overlapping(s, asked))
        .chain(() -> insert(s, id, asked, actor))
        .chain(() -> load(s, new MaintenanceWindowId(id)));
  }

  private void check(CreateWindowRequest asked) {
    Instant now = business.instant();
    ProblemException problem =
        ProblemType.VALIDATION_FAILED.because("The window cannot be planned like this.");
    if (asked.startsAt().isBefore(now)) {
      problem = problem.at("/startsAt", "is in the past: it is " + now + " by the business clock");
    }
    if (!asked.endsAt().isAfter(asked.startsAt())) {
      problem = problem.at("/endsAt", "must be after startsAt");
    }
    if (asked.endsAt().isAfter(now.plus(config.horizon()))) {
      problem = problem.at("/endsAt", "must be within " + config.horizon().toDays() + " days");
    }
    if (asked.wantedNotice().isNegative() || asked.wantedNotice().compareTo(config.horizon()) > 0) {
      problem =
          problem.at("/notice", "must be from PT0S to " + config.horizon().toDays() + " days");
    }
    if (!problem.errors().isEmpty()) {
      throw problem;
    }
  }

  private static Uni<Void> exists(Mutiny.Session s, CreateWindowRequest asked) {
    return Sql.rows(
            s,
            """
            select 1 as found where exists (select 1 from host where ?1 = 'HOST' and name = ?2)
              or exists (select 1 from rack where ?1 = 'RACK' and id = ?2)
              or exists (select 1 from hall where ?1 = 'HALL' and id = ?2)""",
            asked.scope(),
            asked.target())
        .invoke(
            rows -> {
              if (rows.isEmpty()) {
                String why = "there is no such " + asked.scope().toLowerCase(Locale.ROOT);
                throw ProblemType.UNKNOWN_REFERENCE
                    .because("The target '" + asked.target() + "' does not exist.")
                    .at("/target", why);
              }
            })
        .replaceWithVoid();
  }

  private static Uni<Void> inTheFleet(Mutiny.Session s, CreateWindowRequest asked) {
    return Sql.rows(
            s,
            "select 1, name from host where ?1 = 'HOST' and name = ?2 and state = 'RETIRED'",
            asked.scope(),
            asked.target())
        .invoke(
            rows -> {
              if (!rows.isEmpty()) {
                throw ProblemType.STATE_CONFLICT
                    .because("Host %s is RETIRED and needs no window.".formatted(asked.target()))
                    .with("state", "RETIRED")
                    .at("/target", "is out of the fleet for ever");
              }
            })
        .replaceWithVoid();
  }

  /** A rack's window overlaps that of its hall and those of its hosts. */
  private static Uni<Void> overlapping(Mutiny.Session s, CreateWindowRequest asked) {
    return Sql.rows(
            s,
            """
            select w.id, w.target, w.scope, cast(w.starts_at as text), cast(w.ends_at as text)
            from maintenance_window w
            where w.state in ('PLANNED', 'DRAINING', 'OPEN')
              and w.starts_at < ?4 and w.ends_at > ?3
              and (w.scope = ?1 and w.target = ?2 or exists (
                select 1 from host h where %s and %s))
            order by w.starts_at limit 1"""
                .formatted(inScope("?1", "?2"), inScope("w.scope", "w.target")),
            asked.scope(),
            asked.target(),
            asked.startsAt().atOffset(ZoneOffset.UTC),
            asked.endsAt().atOffset(ZoneOffset.UTC))
        .invoke(
            rows -> {
              if (!rows.isEmpty()) {
                throw overlap(rows.getFirst());
              }
            })
        .replaceWithVoid();
  }

  private static ProblemException overlap(Object[] window) {
    String id = new MaintenanceWindowId((UUID) window[0]).toString();
    return ProblemType.STATE_CONFLICT
        .because(
            "Window %s of %s %s, from %s to %s, covers some of the same hosts at that time."
                .formatted(id, window[2], window[1], window[3], window[4]))
        .with("maintenanceWindow", id)
        .at("/startsAt", "overlaps window " + id);
  }

  private Uni<Void> insert(Mutiny.Session s, UUID id, CreateWindowRequest asked, String actor) {
    Instant now = business.instant();
    Instant notice = asked.startsAt().minus(asked.wantedNotice());
    return Sql.update(
            s,
            """
            insert into maintenance_window (id, scope, target, notice_at, starts_at, ends_at,
              reason, state, created_by, created_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'PLANNED', ?8, ?9)""",
            id,
            asked.scope(),
            asked.target(),
            (notice.isBefore(now) ? now : notice).atOffset(ZoneOffset.UTC),
            asked.startsAt().atOffset(ZoneOffset.UTC),
            asked.endsAt().atOffset(ZoneOffset.UTC),
            asked.reason(),
            actor,
            now.atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  /** Calls a window off; its hosts are given back by the next round. */
  Uni<WindowEntity> cancel(Mutiny.Session s, MaintenanceWindowId id, @Nullable String ifMatch) {
    return load(s, id)
        .invoke(window -> ETags.check(ifMatch, window.version))
        .chain(
            window ->
                Sql.update(
                        s,
                        """
                        update maintenance_window set state = 'CANCELLED', version = version + 1
                        where id = ?1 and version = ?2
                          and state in ('PLANNED', 'DRAINING', 'OPEN')""",
                        id.value(),
                        window.version)
                    .invoke(
                        n -> {
                          if (n == 0) {
                            throw over(window);
                          }
                        }))
        .invoke(() -> s.clear())
        .chain(() -> load(s, id));
  }

  private static ProblemException over(WindowEntity window) {
    return ProblemType.STATE_CONFLICT
        .because("The window is %s and cannot be cancelled.".formatted(window.state))
        .with("state", window.state)
        .with("allowed", List.of());
  }

  static Uni<WindowEntity> load(Mutiny.Session s, MaintenanceWindowId id) {
    return s.find(WindowEntity.class, id.value())
        .onItem()
        .ifNull()
        .failWith(() -> ProblemType.NOT_FOUND.because("There is no window '" + id + "'."));
  }

  /** Soonest planned first, by id; without a state all. */
  static Uni<List<WindowEntity>> list(
      Mutiny.Session s, @Nullable String state, @Nullable UUID after, int limit) {
    String hql = "from WindowEntity w where 1 = 1";
    Map<String, Object> parameters = new HashMap<>();
    if (state != null) {
      hql += " and w.state = :state";
      parameters.put("state", state);
    }
    if (after != null) {
      hql += " and w.id > :after";
      parameters.put("after", after);
    }
    Mutiny.SelectionQuery<WindowEntity> query =
        s.createSelectionQuery(hql + " order by w.id", WindowEntity.class);
    for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
      query = query.setParameter(parameter.getKey(), parameter.getValue());
    }
    return query.setMaxResults(limit).getResultList();
  }
}
