package dev.gpucloud.inventory.hosts;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.fleet.engine.HostAction;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.inventory.hosts.HostMoves.Moved;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Opens drains. A host is DRAINING from then on; {@link DrainKeeper} tells the tenants, stops what
 * is left at the deadline and moves the host on once it is empty. Any move out of DRAINING ends the
 * drain.
 */
@ApplicationScoped
public class Drains {
  private final HostMoves moves;
  private final FleetConfig config;
  private final InstantSource business;

  Drains(HostMoves moves, FleetConfig config, @Business InstantSource business) {
    this.moves = moves;
    this.config = config;
    this.business = business;
  }

  /** By when a host shall be empty, what it is then, and the window that asks for it, if any. */
  public record Plan(DrainGoal goal, Instant deadline, @Nullable UUID window) {}

  /** Drains a host for an admin; 409 when its state does not allow it. */
  Uni<Moved> open(Mutiny.Session s, HostId host, Plan plan, By by) {
    check(plan.deadline());
    return moves.move(s, host, HostAction.DRAIN, by).call(() -> insert(s, host, plan, by));
  }

  /** Drains a host if its state allows it. */
  public Uni<Optional<Moved>> tryOpen(Mutiny.Session s, HostId host, Plan plan, By by) {
    return moves
        .tryMove(s, host, HostAction.DRAIN, by)
        .call(moved -> moved.isEmpty() ? Uni.createFrom().voidItem() : insert(s, host, plan, by));
  }

  private void check(Instant deadline) {
    Instant now = business.instant();
    if (deadline.isBefore(now)) {
      throw late(deadline, "is in the past: it is " + now + " by the business clock");
    }
    if (deadline.isAfter(now.plus(config.horizon()))) {
      throw late(deadline, "must be within " + config.horizon().toDays() + " days");
    }
  }

  private static ProblemException late(Instant deadline, String why) {
    return ProblemType.VALIDATION_FAILED
        .because("The deadline " + deadline + " " + why + ".")
        .at("/deadline", why);
  }

  private Uni<Void> insert(Mutiny.Session s, HostId host, Plan plan, By by) {
    UUID window = plan.window();
    return Sql.update(
            s,
            """
            insert into host_drain
              (id, host_id, goal, deadline, reason, window_id, state, requested_by, requested_at)
            values (?1, ?2, ?3, ?4, ?5, cast(cast(?6 as text) as uuid), 'OPEN', ?7, ?8)""",
            Ids.next(),
            host.value(),
            plan.goal().name(),
            plan.deadline().atOffset(ZoneOffset.UTC),
            by.reason() == null ? "" : by.reason(),
            window == null ? null : window.toString(),
            by.actor(),
            business.instant().atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  /** The open drain of a host, or its last one. */
  static Uni<DrainView> last(Mutiny.Session s, HostId host) {
    return s.createSelectionQuery(
            "from DrainEntity d where d.hostId = :host order by d.id desc", DrainEntity.class)
        .setParameter("host", host.value())
        .setMaxResults(1)
        .getResultList()
        .map(
            found -> {
              if (found.isEmpty()) {
                throw ProblemType.NOT_FOUND.because("The host was never drained.");
              }
              return found.getFirst();
            })
        .chain(drain -> left(s, host).map(left -> DrainView.of(drain, left)));
  }

  private static Uni<Long> left(Mutiny.Session s, HostId host) {
    return Sql.rows(
            s,
            """
            select count(*) from allocation
            where host_id = ?1 and state in ('HELD', 'LEAVING')""",
            host.value())
        .map(rows -> ((Number) rows.getFirst()[0]).longValue());
  }
}
