package dev.gpucloud.inventory.delivery;

import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.delivery.DeliveryRequests.AcceptRequest;
import dev.gpucloud.inventory.delivery.DeliveryRequests.AnnounceRequest;
import dev.gpucloud.inventory.delivery.DeliveryRequests.SlipRequest;
import dev.gpucloud.inventory.delivery.engine.Acceptance;
import dev.gpucloud.inventory.delivery.engine.Acceptance.DeliveredHost;
import dev.gpucloud.inventory.delivery.engine.Acceptance.Waived;
import dev.gpucloud.inventory.delivery.engine.Acceptance.Waiver;
import dev.gpucloud.inventory.delivery.engine.DeliveryAction;
import dev.gpucloud.inventory.delivery.engine.DeliveryState;
import dev.gpucloud.inventory.fleet.FleetImport;
import dev.gpucloud.inventory.fleet.engine.HostAction;
import dev.gpucloud.inventory.hosts.HostMoves;
import dev.gpucloud.inventory.hosts.HostMoves.By;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Moves deliveries on. Each move locks the delivery, checks that the caller saw its version and
 * that its state allows it, and is written down with actor and reason in the same transaction.
 */
@ApplicationScoped
class DeliveryService {
  private static final int NAMED_HOSTS = 100;
  private static final int EARLIEST_YEAR = 2000;

  private final Transactions transactions;
  private final DeliveryStore store;
  private final FleetImport fleet;
  private final HostMoves moves;
  private final InstantSource business;

  DeliveryService(
      Transactions transactions,
      DeliveryStore store,
      FleetImport fleet,
      HostMoves moves,
      @Business InstantSource business) {
    this.transactions = transactions;
    this.store = store;
    this.fleet = fleet;
    this.moves = moves;
    this.business = business;
  }

  /** Who asks for a move, about which version. */
  record Asker(String actor, @Nullable String ifMatch) {
    static Asker of(Caller caller, @Nullable String ifMatch) {
      return new Asker(caller.username(), ifMatch);
    }
  }

  Uni<DeliveryView> get(String id) {
    return transactions.asPlatform(s -> store.view(s, id));
  }

  Uni<DeliveryView> ship(String id, Asker asker, String reason) {
    return change(
        id,
        asker,
        DeliveryAction.SHIP,
        (s, d, to) -> store.write(s, d, step(to, d.due(), reason, asker)));
  }

  /** From now on its hosts are expected. */
  Uni<DeliveryView> deliver(String id, Asker asker, String reason) {
    return change(
        id,
        asker,
        DeliveryAction.DELIVER,
        (s, d, to) ->
            store
                .write(s, d, step(to, d.due(), reason, asker))
                .chain(() -> fleet.arrive(s, id))
                .chain(() -> moves.remember(s, new By(asker.actor(), "DELIVERED"))));
  }

  Uni<DeliveryView> slip(String id, Asker asker, SlipRequest request) {
    return change(
        id,
        asker,
        DeliveryAction.SLIP,
        (s, d, to) -> {
          if (request.due().getYear() < EARLIEST_YEAR) {
            throw ProblemType.VALIDATION_FAILED
                .because("No delivery is due before the year " + EARLIEST_YEAR + ".")
                .at("/due", "must be from the year %d to 9999".formatted(EARLIEST_YEAR));
          }
          if (request.due().equals(d.due())) {
            throw ProblemType.VALIDATION_FAILED
                .because("The delivery is due on " + d.due() + " already.")
                .at("/due", "must differ from the present due date");
          }
          return store.write(
              s,
              d,
              new DeliveryStore.Step(
                  "SLIPPED", to, request.due(), request.reason(), asker.actor(), now()));
        });
  }

  /** Replaces what was announced before; once it is here, discovery looks for these serials. */
  Uni<DeliveryView> announce(String id, Asker asker, AnnounceRequest request) {
    return change(
        id,
        asker,
        DeliveryAction.ANNOUNCE,
        (s, d, to) ->
            fleet
                .announce(s, id, request.hosts())
                .chain(
                    () ->
                        store.write(
                            s,
                            d,
                            new DeliveryStore.Step(
                                "CHANGED", to, d.due(), request.reason(), asker.actor(), now()))));
  }

  /** Only when every host is in service or waived. */
  Uni<DeliveryView> accept(String id, Asker asker, AcceptRequest request) {
    return change(
        id,
        asker,
        DeliveryAction.ACCEPT,
        (s, d, to) ->
            store
                .hosts(s, id)
                .map(hosts -> complete(Acceptance.decide(hosts, waivers(request))))
                .chain(waived -> leaveOut(s, waived, asker.actor()))
                .chain(() -> store.write(s, d, step(to, d.due(), request.reason(), asker))));
  }

  private static List<Waiver> waivers(AcceptRequest request) {
    return request.waived() == null
        ? List.of()
        : request.waived().stream().map(w -> new Waiver(w.host(), w.reason())).toList();
  }

  private static List<Waived> complete(Acceptance acceptance) {
    return switch (acceptance) {
      case Acceptance.Complete complete -> complete.waived();
      case Acceptance.Incomplete incomplete -> throw incomplete(incomplete);
    };
  }

  private static ProblemException incomplete(Acceptance.Incomplete found) {
    List<FieldError> errors = new ArrayList<>(found.violations());
    found.open().stream()
        .limit(NAMED_HOSTS)
        .forEach(host -> errors.add(new FieldError("/waived", open(host))));
    String detail =
        found.open().isEmpty()
            ? "Some waivers do not fit the delivery."
            : "%d hosts are neither accepted nor waived.".formatted(found.open().size());
    return new ProblemException(
        ProblemType.STATE_CONFLICT,
        detail,
        Map.of(
            "openHosts",
            found.open().stream().limit(NAMED_HOSTS).map(DeliveredHost::serial).toList(),
            "openHostCount",
            found.open().size()),
        errors);
  }

  private static String open(DeliveredHost host) {
    return "host %s (serial %s) is %s; bring it into service, or waive it with a reason"
        .formatted(host.name(), host.serial(), host.state());
  }

  private Uni<Void> leaveOut(Mutiny.Session s, List<Waived> waived, String actor) {
    return Multi.createFrom()
        .iterable(waived)
        .onItem()
        .transformToUniAndConcatenate(
            one ->
                moves.move(
                    s,
                    one.host().id(),
                    HostAction.RETIRE,
                    new By(actor, "WAIVED: " + one.reason())))
        .collect()
        .asList()
        .call(() -> store.closeDiscrepancies(s, waived, actor, now()))
        .replaceWithVoid();
  }

  private interface Effect {
    Uni<?> on(Mutiny.Session s, DeliveryStore.Locked delivery, DeliveryState to);
  }

  private Uni<DeliveryView> change(String id, Asker asker, DeliveryAction action, Effect effect) {
    return transactions.asPlatform(
        s ->
            fleet
                .lock(s)
                .chain(() -> store.lock(s, id))
                .invoke(delivery -> ETags.require(asker.ifMatch(), delivery.version()))
                .chain(delivery -> effect.on(s, delivery, after(delivery, action)))
                .chain(() -> store.view(s, id)));
  }

  private static DeliveryState after(DeliveryStore.Locked delivery, DeliveryAction action) {
    return action.on(delivery.state()).orElseThrow(() -> refused(delivery, action));
  }

  private static ProblemException refused(DeliveryStore.Locked delivery, DeliveryAction action) {
    List<String> allowed = DeliveryAction.allowedOn(delivery.state());
    String state = delivery.state().word();
    return ProblemType.STATE_CONFLICT
        .because(
            "Delivery %s is %s, which does not allow %s; allowed now: %s."
                .formatted(
                    delivery.id(),
                    state,
                    action.word(),
                    allowed.isEmpty() ? "nothing" : String.join(", ", allowed)))
        .with("state", state)
        .with("allowed", allowed);
  }

  private DeliveryStore.Step step(DeliveryState to, LocalDate due, String reason, Asker asker) {
    return new DeliveryStore.Step(to.word(), to, due, reason, asker.actor(), now());
  }

  private Instant now() {
    return business.instant();
  }
}
