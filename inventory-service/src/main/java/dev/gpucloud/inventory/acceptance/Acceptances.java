package dev.gpucloud.inventory.acceptance;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.acceptance.PowerBudget.Shortage;
import dev.gpucloud.inventory.discovery.Discrepancies;
import dev.gpucloud.inventory.discovery.Discrepancies.Subject;
import dev.gpucloud.inventory.discovery.engine.Finding;
import dev.gpucloud.inventory.discovery.engine.Finding.Kind;
import dev.gpucloud.inventory.fleet.engine.HostAction;
import dev.gpucloud.inventory.hosts.HostMoves;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** Brings hosts that passed their burn-in into service, if there is power for them. */
@ApplicationScoped
class Acceptances {
  private final PowerBudget power;
  private final HostMoves moves;
  private final Discrepancies discrepancies;
  private final InstantSource business;

  Acceptances(
      PowerBudget power,
      HostMoves moves,
      Discrepancies discrepancies,
      @Business InstantSource business) {
    this.power = power;
    this.moves = moves;
    this.discrepancies = discrepancies;
    this.business = business;
  }

  /**
   * Books the power and moves the host into service; answers what is short instead, if anything is,
   * and notes that as a discrepancy.
   */
  Uni<Optional<Shortage>> accept(Mutiny.Session s, HostId host, Subject subject, By by) {
    return power
        .shortage(s, host)
        .call(
            shortage ->
                shortage.isPresent()
                    ? discrepancies.found(
                        s, subject, new Finding(Kind.NO_POWER, shortage.get().sentence()))
                    : intoService(s, host, subject, by));
  }

  private Uni<Void> intoService(Mutiny.Session s, HostId host, Subject subject, By by) {
    return Sql.update(
            s,
            """
            update host set accepted_at = coalesce(accepted_at, ?2),
              accepted_by = coalesce(accepted_by, 'BURN_IN')
            where id = ?1""",
            host.value(),
            business.instant().atOffset(ZoneOffset.UTC))
        .chain(() -> moves.move(s, host, HostAction.ACCEPT, by))
        .chain(
            () ->
                discrepancies.resolved(
                    s, subject.serial(), List.of(Kind.NO_POWER), "There is power for it now."))
        .replaceWithVoid();
  }
}
