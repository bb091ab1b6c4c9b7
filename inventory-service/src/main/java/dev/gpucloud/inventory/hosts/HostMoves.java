package dev.gpucloud.inventory.hosts;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.fleet.engine.HostAction;
import dev.gpucloud.inventory.fleet.engine.HostState;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Moves hosts from state to state. The row is locked, the move checked and its history written in
 * the caller's transaction; after the commit the caller tells the pool's owner ({@link
 * Moved#pool()}).
 */
@ApplicationScoped
public class HostMoves {
  private static final Pattern ID =
      Pattern.compile("hst_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final int PREFIX = "hst_".length();

  private final InstantSource business;
  private final InstantSource system;

  private final Audit audit;

  HostMoves(@Business InstantSource business, @SystemClock InstantSource system, Audit audit) {
    this.audit = audit;
    this.business = business;
    this.system = system;
  }

  /** Who moves a host, and why. */
  public record By(String actor, @Nullable String reason) {}

  /** A host that was moved. */
  public record Moved(HostId host, String pool, HostState from, HostState to) {}

  /** A locked host: its state and what is on it. */
  public record Locked(
      HostId id, String name, String pool, HostState state, long version, long held, long fenced) {

    /** The state after the action, empty when state or slices do not allow it. */
    public Optional<HostState> after(HostAction action) {
      return action.on(state, held, fenced);
    }

    /** Out of quarantine into service goes only what was in service before. */
    private boolean skipsBurnIn(HostAction action) {
      return action == HostAction.RELEASE_QUARANTINE
          && state instanceof HostState.Quarantined
          && state.before() == null;
    }
  }

  /**
   * Moves the host.
   *
   * @throws ProblemException 404 for an unknown host, 409 naming the state and what it allows
   */
  public Uni<Moved> move(Mutiny.Session s, HostId host, HostAction action, By by) {
    return lock(s, host)
        .map(locked -> locked.orElseThrow(() -> unknown(host)))
        .chain(
            locked -> {
              HostState to = locked.after(action).orElseThrow(() -> refused(locked, action));
              return write(s, locked, to, by);
            });
  }

  /** Moves the host if it exists and its state and slices allow it. */
  public Uni<Optional<Moved>> tryMove(Mutiny.Session s, HostId host, HostAction action, By by) {
    return lock(s, host)
        .chain(
            found -> {
              Optional<HostState> to = found.flatMap(locked -> locked.after(action));
              return to.isEmpty()
                  ? Uni.createFrom().item(Optional.empty())
                  : write(s, found.orElseThrow(), to.get(), by).map(Optional::of);
            });
  }

  /** Locks a host until the transaction ends. */
  public Uni<Optional<Locked>> lock(Mutiny.Session s, HostId host) {
    return Sql.rows(
            s,
            """
            select h.name, h.pool_id, h.state, h.state_before, h.version
            from host h where h.id = ?1 for update""",
            host.value())
        .chain(
            rows ->
                rows.isEmpty()
                    ? Uni.createFrom().item(Optional.empty())
                    : onIt(s, host).map(on -> Optional.of(locked(host, rows.getFirst(), on))));
  }

  private static Locked locked(HostId host, Object[] row, Object[] on) {
    return new Locked(
        host,
        (String) row[0],
        (String) row[1],
        HostState.of((String) row[2], (String) row[3]),
        ((Number) row[4]).longValue(),
        ((Number) on[0]).longValue(),
        ((Number) on[1]).longValue());
  }

  /** Locks the host and demands the version that the caller saw, if it names one. */
  Uni<Void> require(Mutiny.Session s, HostId host, @Nullable String ifMatch) {
    return lock(s, host)
        .invoke(found -> found.ifPresent(locked -> ETags.check(ifMatch, locked.version())))
        .replaceWithVoid();
  }

  private static Uni<Object[]> onIt(Mutiny.Session s, HostId host) {
    return Sql.rows(
            s,
            """
            select count(*) filter (where state in ('HELD', 'LEAVING')) as held,
              count(*) filter (where state = 'FENCED') as fenced
            from allocation where host_id = ?1 and state <> 'RELEASED'""",
            host.value())
        .map(List::getFirst);
  }

  private Uni<Moved> write(Mutiny.Session s, Locked host, HostState to, By by) {
    HostState before = to.before();
    return Sql.update(
            s,
            """
            update host set state = ?2, state_before = cast(?3 as text),
              state_reason = cast(?4 as text), version = version + 1,
              faults_cleared_at = case when ?5 then cast(?6 as timestamptz)
                                       else faults_cleared_at end
            where id = ?1""",
            host.id().value(),
            to.word(),
            before == null ? null : before.word(),
            by.reason(),
            isDeclaredGood(host.state(), to),
            system.instant().atOffset(ZoneOffset.UTC))
        .chain(() -> remember(s, host, to, by))
        .chain(() -> audit.changed(s, told(host, to, by, audit.origin())))
        .chain(() -> endDrain(s, host, to))
        .replaceWith(new Moved(host.id(), host.pool(), host.state(), to));
  }

  private static AuditChange told(Locked host, HostState to, By by, AuditOrigin origin) {
    return AuditChange.of(
            origin.actionOf(Set.of("host"), "host.move"), "host", host.id().toString())
        .from(Map.of("name", host.name(), "state", host.state().word()))
        .to(Map.of("name", host.name(), "state", to.word(), "reason", String.valueOf(by.reason())));
  }

  /** Faults from before it count no more. */
  private static boolean isDeclaredGood(HostState from, HostState to) {
    return switch (from) {
      case HostState.Accepting accepting -> to instanceof HostState.Active;
      case HostState.Maintenance maintenance -> to instanceof HostState.InService;
      case HostState.Quarantined quarantined -> to instanceof HostState.InService;
      default -> false;
    };
  }

  private Uni<Void> remember(Mutiny.Session s, Locked host, HostState to, By by) {
    return Sql.update(
            s,
            """
            insert into host_history (host_id, sequence, from_state, to_state, reason, actor, at)
            select cast(?1 as uuid), coalesce(max(sequence), 0) + 1, ?2, ?3, cast(?4 as text), ?5,
              cast(?6 as timestamptz)
            from host_history where host_id = ?1""",
            host.id().value(),
            host.state().word(),
            to.word(),
            by.reason(),
            by.actor(),
            now().atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  /** A host that leaves DRAINING has no open drain any more. */
  private Uni<Void> endDrain(Mutiny.Session s, Locked host, HostState to) {
    if (!(host.state() instanceof HostState.Draining)) {
      return Uni.createFrom().voidItem();
    }
    boolean done = to instanceof HostState.Maintenance || to instanceof HostState.Retired;
    return Sql.update(
            s,
            "update host_drain set state = ?2, ended_at = ?3 where host_id = ?1 and state = 'OPEN'",
            host.id().value(),
            done ? "DONE" : "CANCELLED",
            now().atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  /** Writes into the history of a locked host what is no move: its state stays. */
  public Uni<Void> note(Mutiny.Session s, HostId host, By by) {
    return lock(s, host)
        .map(found -> found.orElseThrow(() -> unknown(host)))
        .chain(locked -> remember(s, locked, locked.state(), by));
  }

  /** Begins the history of every host that has none: those that were just put into the fleet. */
  public Uni<Integer> remember(Mutiny.Session s, By by) {
    return Sql.update(
        s,
        """
        insert into host_history (host_id, sequence, from_state, to_state, reason, actor, at)
        select h.id, 1, null, h.state, cast(?1 as text), ?2,
          cast(?3 as timestamptz)
        from host h
        where not exists (select 1 from host_history y where y.host_id = h.id)""",
        by.reason(),
        by.actor(),
        now().atOffset(ZoneOffset.UTC));
  }

  private Instant now() {
    return business.instant();
  }

  private static ProblemException unknown(HostId host) {
    return ProblemType.NOT_FOUND.because("There is no host '" + host + "'.");
  }

  private static ProblemException refused(Locked host, HostAction action) {
    String state = host.state().word();
    List<String> allowed = HostAction.allowedOn(host.state(), host.held(), host.fenced());
    if (host.skipsBurnIn(action)) {
      return ProblemType.STATE_CONFLICT
          .because("Host %s must pass its burn-in first; reaccept it.".formatted(host.name()))
          .with("state", state)
          .with("allowed", allowed);
    }
    String why =
        action.on(host.state()).isEmpty()
            ? "Host %s is %s, which does not allow %s; allowed now: %s."
                .formatted(
                    host.name(),
                    state,
                    action.word(),
                    allowed.isEmpty() ? "nothing" : String.join(", ", allowed))
            : "Host %s still has slices in use (%d held, %d fenced), which does not allow %s."
                .formatted(host.name(), host.held(), host.fenced(), action.word());
    return ProblemType.STATE_CONFLICT
        .because(why)
        .with("state", state)
        .with("allowed", allowed)
        .with("slices", Map.of("held", host.held(), "fenced", host.fenced()));
  }

  /** The id of a host given by id or name. */
  public static Uni<HostId> find(Mutiny.Session s, String idOrName) {
    boolean byId = ID.matcher(idOrName).matches();
    return Sql.rows(
            s,
            byId
                ? "select h.id from host h where h.id = cast(?1 as uuid)"
                : "select h.id from host h where h.name = ?1",
            byId ? idOrName.substring(PREFIX) : idOrName)
        .map(
            rows -> {
              if (rows.isEmpty()) {
                throw ProblemType.NOT_FOUND.because("There is no host '" + idOrName + "'.");
              }
              return new HostId((UUID) rows.getFirst()[0]);
            });
  }
}
