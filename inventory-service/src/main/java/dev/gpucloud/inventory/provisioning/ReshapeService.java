package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.catalogue.Catalogue;
import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.InstanceState;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.instance.OfferedShape;
import dev.gpucloud.inventory.instance.Reshaping;
import dev.gpucloud.inventory.instance.SetupRows;
import dev.gpucloud.inventory.placement.Outcome;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.inventory.placement.Task;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.inventory.placement.engine.Shape;
import dev.gpucloud.inventory.provisioning.InstanceService.Asker;
import dev.gpucloud.inventory.spend.SpendStops;
import dev.gpucloud.inventory.tenancy.OpenScope;
import dev.gpucloud.kit.access.Actor;
import dev.gpucloud.kit.access.ProjectRef;
import dev.gpucloud.kit.access.References;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.idempotency.IdempotencyKey;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reboots, resizes and moves instances; their run goes on. */
@ApplicationScoped
class ReshapeService {
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final CatalogueCache catalogue;
  private final Placement placement;
  private final References references;
  private final InstanceService instances;
  private final InstanceStore store;
  private final ChangeWriter changes;
  private final PoolEpochs epochs;
  private final OpenScope openScope;
  private final SpendStops spendStops;

  private final Audit audit;

  ReshapeService(
      Transactions transactions,
      Idempotency idempotency,
      CatalogueCache catalogue,
      Placement placement,
      References references,
      InstanceService instances,
      InstanceStore store,
      ChangeWriter changes,
      PoolEpochs epochs,
      OpenScope openScope,
      SpendStops spendStops,
      Audit audit) {
    this.audit = audit;
    this.openScope = openScope;
    this.spendStops = spendStops;
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.catalogue = catalogue;
    this.placement = placement;
    this.references = references;
    this.instances = instances;
    this.store = store;
    this.changes = changes;
    this.epochs = epochs;
  }

  private interface Transition {
    Optional<Change> apply(InstanceEntity instance, OperationId operation, Moment now);
  }

  /** A step in the tenant's own transaction; {@code refused} says why it may not be. */
  private record Step(
      String kind, Transition transition, Function<InstanceEntity, ProblemException> refused) {}

  /** Boots a running instance again. */
  Uni<Response> reboot(
      Asker asker, String idOrName, @Nullable String ifMatch, @Nullable String key) {
    Step step =
        new Step(
            "REBOOT",
            (i, operation, now) -> Reshaping.reboot(i, operation, asker.actor(), now),
            i -> refused(i, "rebooted"));
    if (key == null) {
      return transactions.asTenant(
          asker.scope().tenantId(), s -> take(s, asker, idOrName, ifMatch, step));
    }
    return idempotency.tenant(
        asker.scope().tenantId(), key, null, s -> take(s, asker, idOrName, ifMatch, step));
  }

  private static ProblemException refused(InstanceEntity i, String participle) {
    return i.rebootPending()
        ? ProblemType.STATE_CONFLICT
            .because("The instance is being booted again already; wait for its operation.")
            .with("state", i.state().name())
            .with("operation", String.valueOf(i.operationId()))
        : Refusals.wrongState(participle, i.state());
  }

  private Uni<Response> take(
      Mutiny.Session s, Asker asker, String idOrName, @Nullable String ifMatch, Step step) {
    return store
        .load(s, asker.scope(), idOrName, LockModeType.PESSIMISTIC_WRITE)
        .invoke(instance -> ETags.check(ifMatch, instance.version()))
        .chain(instance -> apply(s, asker, instance, step));
  }

  private Uni<Response> apply(Mutiny.Session s, Asker asker, InstanceEntity instance, Step step) {
    OperationId operation = new OperationId(Ids.next());
    return epochs
        .now(s, instance.poolId())
        .chain(
            now -> {
              OperationId before = instance.operationId();
              Change change =
                  step.transition()
                      .apply(instance, operation, now)
                      .orElseThrow(() -> step.refused().apply(instance));
              return store
                  .begin(
                      s,
                      new InstanceStore.NewOperation(
                          operation, before, instance, step.kind(), asker.actor(), now.business()))
                  .chain(() -> changes.write(s, change));
            })
        .map(v -> InstanceAnswers.accepted(instance));
  }

  /** Gives an instance another type of its model. */
  Uni<Response> resize(
      Asker asker,
      String idOrName,
      @Nullable String ifMatch,
      String instanceType,
      IdempotencyKey key) {
    return instances.once(
        asker,
        key,
        () ->
            transactions
                .asTenant(
                    asker.scope().tenantId(),
                    s -> store.load(s, asker.scope(), idOrName, LockModeType.NONE))
                .chain(
                    instance -> {
                      ETags.check(ifMatch, instance.version());
                      return resize(asker, instance, type(instance, instanceType), key);
                    }));
  }

  /** The type asked for, if the instance may become it. */
  private OfferedShape type(InstanceEntity instance, String asked) {
    Catalogue known = catalogue.current();
    OfferedShape type =
        known.type(asked).orElseThrow(() -> InstanceService.unknownType(asked, known));
    List<String> ofModel =
        known.types().values().stream()
            .filter(t -> t.model().equals(instance.modelId()))
            .map(OfferedShape::id)
            .filter(id -> !id.equals(instance.instanceType()))
            .toList();
    if (!ofModel.contains(asked)) {
      throw ProblemType.UNPROCESSABLE
          .because(
              asked.equals(instance.instanceType())
                  ? "The instance is of the type '" + asked + "' already."
                  : "A resize keeps the GPU model, which is " + instance.modelId() + ".")
          .at("/instanceType", "must be another type of the model; see params.validInstanceTypes")
          .with("validInstanceTypes", ofModel);
    }
    return type;
  }

  private Uni<Response> resize(Asker asker, InstanceEntity i, OfferedShape to, IdempotencyKey key) {
    openScope.require(asker.scope());
    if (i.cluster() != null) {
      throw ProblemType.STATE_CONFLICT.because(
          "The instances of a cluster have one type; it is set when the cluster is created.");
    }
    if (i.state() == InstanceState.STOPPED) {
      Step step =
          new Step(
              "RESIZE",
              (e, op, now) -> Reshaping.resizeStopped(e, to, op, asker.actor(), now),
              e -> refused(e, "resized"));
      return inTenant(asker, i, step, key);
    }
    if (i.state() != InstanceState.RUNNING || i.rebootPending()) {
      throw refused(i, "resized");
    }
    return resizeRunning(asker, i, to, key);
  }

  private Uni<Response> resizeRunning(
      Asker asker, InstanceEntity i, OfferedShape to, IdempotencyKey key) {
    Shape wanted = to.shape();
    int vcpus = wanted.vcpus() - i.vcpus();
    int memory = wanted.memoryGib() - i.memoryGib();
    boolean whole = i.migProfile() == null && to.migProfile() == null;
    if (whole && wanted.gpus() >= i.gpus() && vcpus >= 0 && memory >= 0) {
      return grow(asker, i, to, key);
    }
    if (whole && wanted.gpus() <= i.gpus() && vcpus <= 0 && memory <= 0) {
      Step step =
          new Step(
              "RESIZE",
              (e, op, now) -> Reshaping.shrink(e, to, op, asker.actor(), now),
              e -> refused(e, "resized"));
      return inTenant(asker, i, step, key);
    }
    throw ProblemType.STATE_CONFLICT
        .because(
            "A running instance can be given more or fewer whole GPUs; for "
                + to.id()
                + " stop it, resize it and start it.")
        .with("state", i.state().name())
        .with("remedy", "STOP_RESIZE_START");
  }

  private Uni<Response> inTenant(Asker asker, InstanceEntity i, Step step, IdempotencyKey key) {
    return idempotency.tenant(
        asker.scope().tenantId(), key, s -> take(s, asker, i.id().toString(), null, step));
  }

  private Uni<Response> grow(Asker asker, InstanceEntity i, OfferedShape to, IdempotencyKey key) {
    spendStops.require(asker.scope().tenantId(), asker.scope().project().id());
    Demand demand = Demands.of(asker.scope().tenant(), to, i.siteId());
    Task.Resize task =
        new Task.Resize(
            i.id(),
            asker.scope().tenantId().value(),
            to,
            demand,
            Objects.requireNonNull(i.hostId()),
            Shape.wholeGpus(i.gpus(), i.vcpus(), i.memoryGib()),
            i.runId(),
            new OperationId(Ids.next()),
            asker.actor(),
            key,
            Outbox.traceparent(),
            audit.origin(),
            instances.answers(key));
    return placement
        .place(task)
        .chain(
            outcome ->
                outcome instanceof Outcome.NoRoom
                    ? noRoom(asker, i, to)
                    : instances.answer(task, to.id(), outcome));
  }

  private Uni<Response> noRoom(Asker asker, InstanceEntity i, OfferedShape to) {
    Demand demand = Demands.of(asker.scope().tenant(), to, i.requestedSite());
    return placement
        .explain(demand)
        .chain(
            refusal ->
                placement
                    .previews(demand)
                    .map(
                        found -> {
                          throw Refusals.noRoomOnHost(
                              to.id(),
                              demand,
                              refusal,
                              found.stream().map(Placement.Preview::site).distinct().toList());
                        }));
  }

  /** Gives an instance to another project of its tenant. */
  Uni<Response> move(
      Asker asker, Actor actor, String idOrName, @Nullable String ifMatch, String project) {
    return transactions
        .asSystem(
            s ->
                store
                    .load(s, asker.scope(), idOrName, LockModeType.PESSIMISTIC_WRITE)
                    .invoke(i -> ETags.check(ifMatch, i.version()))
                    .chain(
                        i -> target(s, asker, actor, project).chain(to -> move(s, asker, i, to))))
        .onFailure(Failures::isUniqueViolation)
        .transform(
            f ->
                ProblemType.ALREADY_EXISTS
                    .because("The project '" + project + "' has an instance of that name already.")
                    .at("/project", "has an instance of that name; rename one of them first"));
  }

  /** Quota is the system's to count, so the tenant is named here: another's project is unknown. */
  private Uni<ProjectRef> target(Mutiny.Session s, Asker asker, Actor actor, String project) {
    return references
        .findProject(s, project)
        .map(
            found ->
                found
                    .filter(p -> p.fact().tenantId().equals(asker.scope().tenantId()))
                    .orElseThrow(() -> unknownProject(project)))
        .chain(
            to ->
                references
                    .rolesOf(s, actor, asker.scope().tenantId(), Optional.of(to))
                    .map(roles -> allowed(to, roles, project)));
  }

  private static ProjectRef allowed(ProjectRef to, Set<TenantRole> roles, String project) {
    if (roles.isEmpty()) {
      throw unknownProject(project);
    }
    if (!roles.contains(TenantRole.OPERATOR) && !roles.contains(TenantRole.OWNER)) {
      throw ProblemType.FORBIDDEN
          .because("A move needs the role operator or owner in the project '" + project + "' too.")
          .with("requiredRoles", List.of(TenantRole.OPERATOR, TenantRole.OWNER));
    }
    if (!to.fact().state().equals("ACTIVE")) {
      throw ProblemType.STATE_CONFLICT
          .because("Only an active project takes instances.")
          .with("projectState", to.fact().state());
    }
    return to;
  }

  private static ProblemException unknownProject(String project) {
    return ProblemType.UNKNOWN_REFERENCE
        .because("The tenant has no project '" + project + "'.")
        .at("/project", "must be a project of the instance's tenant, such as prj_... or a.b");
  }

  private Uni<Response> move(Mutiny.Session s, Asker asker, InstanceEntity i, ProjectRef to) {
    if (to.id().equals(i.projectId())) {
      throw ProblemType.UNPROCESSABLE
          .because("The instance belongs to that project already.")
          .at("/project", "must be another project");
    }
    if (i.cluster() != null) {
      throw ProblemType.STATE_CONFLICT.because(
          "An instance of a cluster stays in the cluster's project.");
    }
    if (i.holding()) {
      spendStops.require(to.id());
    }
    return leaveNetwork(s, i)
        .chain(() -> MovedQuota.shift(s, i, to.id()))
        .chain(() -> SetupRows.takeAlong(s, i, to.id().value()))
        .chain(
            () -> {
              Change change =
                  Reshaping.move(i, to, asker.actor(), epochs.now())
                      .orElseThrow(() -> Refusals.wrongState("moved", i.state()));
              return changes.write(s, change);
            })
        .map(v -> moved(i));
  }

  /** A private address is of its project's network; what holds GPUs may be using it. */
  private static Uni<Void> leaveNetwork(Mutiny.Session s, InstanceEntity i) {
    if (!i.equipped()) {
      return Uni.createFrom().voidItem();
    }
    return Sql.rows(s, "select 1 from private_address where instance_id = ?1", i.id().value())
        .chain(
            addresses -> {
              if (!addresses.isEmpty() && i.holding()) {
                throw ProblemType.STATE_CONFLICT
                    .because(
                        "The instance has an address in its project's network; stop it first, and"
                            + " it is given one of the other project's when it starts.")
                    .with("state", i.state().name())
                    .with("remedy", "STOP_MOVE_START");
              }
              return SetupRows.giveBackAddresses(s, i.id().value());
            });
  }

  private static Response moved(InstanceEntity i) {
    return Response.ok(InstanceView.of(i))
        .header("ETag", ETags.of(i.version()))
        .header(
            "Content-Location", "/api/v1/projects/%s/instances/%s".formatted(i.projectId(), i.id()))
        .build();
  }
}
