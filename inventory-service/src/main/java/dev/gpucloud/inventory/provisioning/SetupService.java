package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.event.Capability;
import dev.gpucloud.contracts.event.RunSetup;
import dev.gpucloud.contracts.event.RunSetup.IngressRule;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.image.Images;
import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.Reshaping;
import dev.gpucloud.inventory.instance.SetupRows;
import dev.gpucloud.inventory.provisioning.InstanceService.Asker;
import dev.gpucloud.inventory.provisioning.SetupView.ConnectView;
import dev.gpucloud.inventory.provisioning.SetupView.UserDataView;
import dev.gpucloud.inventory.setup.Capabilities;
import dev.gpucloud.inventory.setup.Consoles;
import dev.gpucloud.inventory.setup.Consoles.ConsoleLogView;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.BiFunction;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What a tenant sees and changes of what its instance is beside its GPUs. */
@ApplicationScoped
class SetupService {
  private static final int SSH_PORT = 22;

  private final Transactions transactions;
  private final InstanceStore store;
  private final SetupRows setups;
  private final Consoles consoles;
  private final Capabilities capabilities;
  private final Images images;
  private final ChangeWriter changes;
  private final PoolEpochs epochs;

  SetupService(
      Transactions transactions,
      InstanceStore store,
      SetupRows setups,
      Consoles consoles,
      Capabilities capabilities,
      Images images,
      ChangeWriter changes,
      PoolEpochs epochs) {
    this.transactions = transactions;
    this.store = store;
    this.setups = setups;
    this.consoles = consoles;
    this.capabilities = capabilities;
    this.images = images;
    this.changes = changes;
    this.epochs = epochs;
  }

  private <T> Uni<T> read(
      Asker asker, String idOrName, BiFunction<Mutiny.Session, InstanceEntity, Uni<T>> work) {
    return transactions.asTenant(
        asker.scope().tenantId(),
        s ->
            store
                .load(s, asker.scope(), idOrName, LockModeType.NONE)
                .chain(instance -> work.apply(s, instance)));
  }

  /** Image, keys, address and allow-list. */
  Uni<Response> show(Asker asker, String idOrName) {
    return read(
        asker,
        idOrName,
        (s, i) ->
            setups
                .load(s, i)
                .map(
                    setup ->
                        Response.ok(SetupView.of(i, setup, images.loginUser(i.image())))
                            .header("ETag", ETags.of(i.version()))
                            .build()));
  }

  /** User data as it was given. */
  Uni<UserDataView> userData(Asker asker, String idOrName) {
    return read(
        asker,
        idOrName,
        (s, i) ->
            setups
                .load(s, i)
                .map(
                    setup -> {
                      String given = setup.userData();
                      if (given == null) {
                        throw ProblemType.NOT_FOUND.because("The instance was given no user data.");
                      }
                      return new UserDataView(given);
                    }));
  }

  /** How to reach it. */
  Uni<ConnectView> connect(Asker asker, String idOrName) {
    return read(asker, idOrName, (s, i) -> setups.load(s, i).map(setup -> connect(i, setup)));
  }

  private ConnectView connect(InstanceEntity i, RunSetup setup) {
    String address = setup.privateAddress();
    if (address == null) {
      capabilities.requireAt(i.siteId(), Capability.PRIVATE_NETWORK);
      throw ProblemType.STATE_CONFLICT
          .because(
              "The instance has no private address: its site had no network when it was placed."
                  + " Stop and start it to be given one.")
          .with("state", i.state().name());
    }
    SetupView view = SetupView.of(i, setup, images.loginUser(i.image()));
    String host = address.substring(0, address.indexOf('/'));
    return new ConnectView(
        host, SSH_PORT, view.loginUser(), "ssh " + view.loginUser() + "@" + host, view.sshKeys());
  }

  /** What its console ends with. */
  Uni<ConsoleLogView> console(Asker asker, String idOrName) {
    return read(
        asker,
        idOrName,
        (s, i) ->
            consoles
                .find(s, i.id().value())
                .map(
                    found -> {
                      if (found.isEmpty()) {
                        capabilities.requireAt(i.siteId(), Capability.CONSOLE_LOG);
                        throw ProblemType.NOT_FOUND.because(
                            "The instance has said nothing on its console yet.");
                      }
                      return found.get();
                    }));
  }

  /** Replaces who may connect; the agent is told. */
  Uni<Response> allow(
      Asker asker, String idOrName, @Nullable String ifMatch, List<IngressRule> rules) {
    return transactions.asTenant(
        asker.scope().tenantId(),
        s ->
            store
                .load(s, asker.scope(), idOrName, LockModeType.PESSIMISTIC_WRITE)
                .invoke(i -> ETags.require(ifMatch, i.version()))
                .invoke(i -> capabilities.requireAt(i.siteId(), Capability.PRIVATE_NETWORK))
                .chain(i -> allow(s, asker, i, rules)));
  }

  private Uni<Response> allow(
      Mutiny.Session s, Asker asker, InstanceEntity i, List<IngressRule> rules) {
    return epochs
        .now(s, i.poolId())
        .chain(
            now -> {
              Change change =
                  Reshaping.giveAnew(i, "ALLOW_LIST", asker.actor(), now)
                      .orElseThrow(() -> Refusals.wrongState("changed", i.state()));
              return setups.allow(s, i, rules).chain(() -> changes.write(s, change));
            })
        .chain(() -> setups.load(s, i))
        .map(
            setup ->
                Response.ok(SetupView.of(i, setup, images.loginUser(i.image())))
                    .header("ETag", ETags.of(i.version()))
                    .build());
  }
}
