package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.Capability;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.catalogue.Catalogue;
import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.catalogue.OpenSites;
import dev.gpucloud.inventory.image.ImageView;
import dev.gpucloud.inventory.image.Images;
import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.InstanceDraft;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.InstanceSetup;
import dev.gpucloud.inventory.instance.InstanceState;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.instance.OfferedShape;
import dev.gpucloud.inventory.instance.SetupRows;
import dev.gpucloud.inventory.instance.Standing;
import dev.gpucloud.inventory.placement.Outcome;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.inventory.placement.Placement.Preview;
import dev.gpucloud.inventory.placement.Task;
import dev.gpucloud.inventory.placement.engine.Anchor;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.inventory.quota.QuotaRoom;
import dev.gpucloud.inventory.quota.QuotaService;
import dev.gpucloud.inventory.quota.engine.Excess;
import dev.gpucloud.inventory.setup.Capabilities;
import dev.gpucloud.inventory.setup.Setups;
import dev.gpucloud.inventory.spend.SpendStops;
import dev.gpucloud.inventory.tenancy.OpenScope;
import dev.gpucloud.kit.access.TenantScope;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.idempotency.IdempotencyKey;
import dev.gpucloud.kit.idempotency.StoredAnswer;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What a tenant does to its instances. */
@ApplicationScoped
class InstanceService {
  static final String ON_DEMAND = "ON_DEMAND";

  private final Transactions transactions;
  private final Idempotency idempotency;
  private final CatalogueCache catalogue;
  private final Placement placement;
  private final QuotaService quota;
  private final InstanceStore store;
  private final ChangeWriter changes;
  private final PoolEpochs epochs;
  private final InstanceAnswers answers;
  private final Images images;
  private final Capabilities capabilities;
  private final OpenScope openScope;
  private final SpendStops spendStops;
  private final Anchors anchors;
  private final ObjectMapper json;
  private final Set<String> inFlight = ConcurrentHashMap.newKeySet();

  private final Audit audit;

  InstanceService(
      Transactions transactions,
      Idempotency idempotency,
      CatalogueCache catalogue,
      Placement placement,
      QuotaService quota,
      InstanceStore store,
      ChangeWriter changes,
      PoolEpochs epochs,
      InstanceAnswers answers,
      Images images,
      Capabilities capabilities,
      OpenScope openScope,
      SpendStops spendStops,
      Anchors anchors,
      ObjectMapper json,
      Audit audit) {
    this.audit = audit;
    this.openScope = openScope;
    this.spendStops = spendStops;
    this.anchors = anchors;
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.catalogue = catalogue;
    this.placement = placement;
    this.quota = quota;
    this.store = store;
    this.changes = changes;
    this.epochs = epochs;
    this.answers = answers;
    this.images = images;
    this.capabilities = capabilities;
    this.json = json;
  }

  /** Who asks, where. */
  record Asker(TenantScope scope, String actor) {}

  /** Places a new instance, or answers what the key was answered before. */
  Uni<Response> create(Asker asker, CreateInstanceRequest request, IdempotencyKey key) {
    return once(
        asker,
        key,
        () -> {
          InstanceDraft draft = draft(asker, request);
          Demand demand = Demands.of(draft);
          Task.Create task =
              new Task.Create(
                  draft,
                  demand,
                  new RunId(Ids.next()),
                  key,
                  Outbox.traceparent(),
                  audit.origin(),
                  answers(key));
          return placement.place(task).chain(outcome -> answer(task, draft.type().id(), outcome));
        });
  }

  /** The real decision without taking anything: where it would go, or the refusal. */
  Uni<Response> validate(Asker asker, CreateInstanceRequest request) {
    InstanceDraft draft = draft(asker, request);
    Demand demand = Demands.of(draft);
    int slices = demand.shape().slices();
    return quota
        .room(asker.scope().tenantId(), draft.project().id(), demand.model())
        .invoke(room -> requireQuota(demand, room.exceededBy(slices)))
        .chain(
            room ->
                placement
                    .previews(demand)
                    .map(found -> firstWithin(demand, room, slices, found, Preview::site)))
        .chain(
            preview ->
                preview.isPresent()
                    ? Uni.createFrom()
                        .item(
                            Response.ok(
                                    new PlacementPreview(
                                        true, draft.type().id(), preview.get().site()))
                                .build())
                    : noRoom(draft.type().id(), demand));
  }

  static void requireQuota(Demand demand, Optional<Excess> excess) {
    if (excess.isPresent()) {
      throw Refusals.overQuota(demand, excess.get());
    }
  }

  /** The first place that the limits at its site allow; empty when there is no place at all. */
  static <P> Optional<P> firstWithin(
      Demand demand, QuotaRoom room, int slices, List<P> places, Function<P, String> site) {
    Optional<P> allowed =
        places.stream()
            .filter(place -> room.exceededBy(slices, site.apply(place)).isEmpty())
            .findFirst();
    if (allowed.isEmpty() && !places.isEmpty()) {
      requireQuota(demand, room.exceededBy(slices, site.apply(places.getFirst())));
    }
    return allowed;
  }

  /** Where an instance would be placed now. */
  record PlacementPreview(boolean fits, String instanceType, String site) {}

  /** Nothing new starts where the tenant or project takes nothing, or a budget is spent. */
  private void requireOpen(TenantScope scope) {
    openScope.require(scope);
    spendStops.require(scope.tenantId(), scope.project().id());
  }

  InstanceDraft draft(Asker asker, CreateInstanceRequest request) {
    requireOpen(asker.scope());
    Catalogue known = catalogue.current();
    OfferedShape type =
        known
            .type(request.instanceType())
            .orElseThrow(() -> unknownType(request.instanceType(), known));
    String site = request.site();
    if (site != null && known.site(site).isEmpty()) {
      throw ProblemType.UNKNOWN_REFERENCE
          .because("There is no site '" + site + "'.")
          .at("/site", "is no site; see params.validSites")
          .with("validSites", List.copyOf(OpenSites.of(asker.scope().tenant(), known)));
    }
    String purchaseClass = Objects.requireNonNullElse(request.purchaseClass(), ON_DEMAND);
    if (!purchaseClass.equals(ON_DEMAND)) {
      throw ProblemType.UNKNOWN_REFERENCE
          .because("The purchase class '" + purchaseClass + "' is not offered.")
          .at("/purchaseClass", "must be ON_DEMAND")
          .with("validPurchaseClasses", List.of(ON_DEMAND));
    }
    InstanceSetup setup =
        Setups.read(
            request.sshKeys(),
            request.userData(),
            request.userDataBase64(),
            request.ingress(),
            request.newVolumes());
    if (!setup.volumes().isEmpty() && site == null) {
      throw ProblemType.UNPROCESSABLE
          .because("Volumes stand at a site, and the instance stays there.")
          .at("/site", "must be named with volumes");
    }
    Optional<ImageView> image = images.resolve(request.image());
    capabilities.require(needs(request, setup), site, OpenSites.of(asker.scope().tenant(), known));
    return new InstanceDraft(
        new InstanceId(Ids.next()),
        new OperationId(Ids.next()),
        asker.scope().tenant(),
        asker.scope().project(),
        request.name(),
        type,
        site,
        purchaseClass,
        labels(request.labels()),
        asker.actor(),
        null,
        standing(request),
        image.map(ImageView::id).orElse(null),
        setup);
  }

  private static Standing standing(CreateInstanceRequest request) {
    AntiAffinityRequest asked = request.antiAffinity();
    return new Standing(
        asked == null ? null : asked.apart(), Boolean.TRUE.equals(request.dedicated()));
  }

  /** What the site's driver must provide, by the field that asks for it. */
  private static SequencedMap<String, Capability> needs(
      CreateInstanceRequest r, InstanceSetup setup) {
    SequencedMap<String, Capability> needs = new LinkedHashMap<>();
    if (r.image() != null) {
      needs.put("/image", Capability.IMAGE);
    }
    if (!setup.sshKeys().isEmpty()) {
      needs.put("/sshKeys", Capability.SSH_KEYS);
    }
    if (setup.userData() != null) {
      needs.put(r.userData() == null ? "/userDataBase64" : "/userData", Capability.USER_DATA);
    }
    if (!setup.ingress().isEmpty()) {
      needs.put("/ingress", Capability.PRIVATE_NETWORK);
    }
    if (r.bootVolumeGib() != null) {
      needs.put("/bootVolumeGib", Capability.VOLUMES);
    }
    if (r.volumes() != null && !r.volumes().isEmpty()) {
      needs.put("/volumes", Capability.VOLUMES);
    }
    return needs;
  }

  static ProblemException unknownType(String asked, Catalogue known) {
    return ProblemType.UNKNOWN_REFERENCE
        .because("There is no instance type '" + asked + "'.")
        .at("/instanceType", "is no instance type; see params.validInstanceTypes")
        .with("validInstanceTypes", List.copyOf(known.types().keySet()));
  }

  private String labels(@Nullable Map<String, String> labels) {
    try {
      return json.writeValueAsString(new TreeMap<>(labels == null ? Map.of() : labels));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  Function<InstanceEntity, StoredAnswer> answers(IdempotencyKey key) {
    return instance -> answers.accepted(key, instance);
  }

  /**
   * Does the work, which claims the key with its effect; a key that was claimed before it did is
   * found there. What is refused is refused only if the key has no answer yet. One request per key
   * is under way at a time.
   */
  Uni<Response> once(Asker asker, IdempotencyKey key, Supplier<Uni<Response>> work) {
    String name = key.scope() + "|" + key.key();
    if (!inFlight.add(name)) {
      throw ProblemType.REQUEST_IN_PROGRESS.because(
          "A request with the key '" + key.key() + "' has not ended yet.");
    }
    return Uni.createFrom()
        .deferred(work::get)
        .onFailure(ProblemException.class)
        .recoverWithUni(refused -> answered(asker, key, refused))
        .onTermination()
        .invoke(() -> inFlight.remove(name));
  }

  private Uni<Response> answered(Asker asker, IdempotencyKey key, Throwable refused) {
    return transactions
        .readAsTenant(asker.scope().tenantId(), s -> idempotency.find(s, key))
        .map(stored -> stored.orElseThrow(() -> (ProblemException) refused).replay(key));
  }

  Uni<Response> answer(Task.Place task, String instanceType, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> Uni.createFrom().item(done.answer().first());
      case Outcome.Elsewhere other -> Uni.createFrom().item(other.answer().first());
      case Outcome.NoRoom none -> noRoom(instanceType, task.demand());
      case Outcome.KeyTaken taken -> replay(task);
      case Outcome.OverQuota over -> throw Refusals.overQuota(task.demand(), over.excess());
      case Outcome.WrongState wrong ->
          throw Refusals.wrongState(
              task instanceof Task.Resize ? "resized" : "started", wrong.state());
      case Outcome.Unavailable unavailable -> throw Refusals.unavailable(unavailable);
      case Outcome.NameTaken taken ->
          throw Refusals.nameTaken(task instanceof Task.Create c ? c.draft().name() : "");
      case Outcome.Freed freed -> throw new IllegalStateException("a placement was freed");
    };
  }

  private Uni<Response> noRoom(String instanceType, Demand demand) {
    return placement
        .explain(demand)
        .map(
            refusal -> {
              throw Refusals.noRoom(instanceType, demand, refusal);
            });
  }

  Uni<Response> replay(Task.Place task) {
    IdempotencyKey key = Objects.requireNonNull(task.key());
    return transactions
        .readAsTenant(Objects.requireNonNull(key.tenant()), s -> idempotency.find(s, key))
        .map(
            stored ->
                stored
                    .orElseThrow(
                        () ->
                            ProblemType.REQUEST_IN_PROGRESS.because(
                                "A request with this key has not ended yet."))
                    .replay(key));
  }

  /** Places a stopped instance anew; it opens a new run. */
  Uni<Response> start(Asker asker, String idOrName, @Nullable String ifMatch, IdempotencyKey key) {
    return once(
        asker,
        key,
        () ->
            transactions
                .asTenant(
                    asker.scope().tenantId(),
                    s ->
                        store
                            .load(s, asker.scope(), idOrName, LockModeType.NONE)
                            .call(instance -> requireVolumes(s, instance))
                            .chain(i -> anchors.of(s, i).map(anchor -> new Stopped(i, anchor))))
                .chain(stopped -> start(asker, stopped, ifMatch, key)));
  }

  /** What has volumes starts only where the site's driver still knows what they are. */
  private Uni<Void> requireVolumes(Mutiny.Session s, InstanceEntity instance) {
    String site = instance.siteId();
    if (capabilities.has(site, Capability.VOLUMES)) {
      return Uni.createFrom().voidItem();
    }
    return SetupRows.hasVolumes(s, instance)
        .invoke(
            has -> {
              if (has) {
                capabilities.requireAt(site, Capability.VOLUMES);
              }
            })
        .replaceWithVoid();
  }

  /** What is to be started, and where its cluster holds it. */
  private record Stopped(InstanceEntity instance, Optional<Anchor> anchor) {}

  private Uni<Response> start(
      Asker asker, Stopped stopped, @Nullable String ifMatch, IdempotencyKey key) {
    InstanceEntity instance = stopped.instance();
    ETags.check(ifMatch, instance.version());
    if (instance.state() != InstanceState.STOPPED) {
      throw Refusals.wrongState("started", instance.state());
    }
    requireOpen(asker.scope());
    Catalogue known = catalogue.current();
    OfferedShape type =
        known
            .type(instance.instanceType())
            .orElseThrow(() -> unknownType(instance.instanceType(), known));
    Task.Start task =
        new Task.Start(
            instance.id(),
            asker.scope().tenantId().value(),
            Demands.of(asker.scope().tenant(), type, instance, stopped.anchor()),
            new RunId(Ids.next()),
            new OperationId(Ids.next()),
            asker.actor(),
            key,
            Outbox.traceparent(),
            audit.origin(),
            answers(key));
    return placement.place(task).chain(outcome -> answer(task, type.id(), outcome));
  }

  /** Ends the run of a running instance and gives its GPUs back after their scrub. */
  Uni<Response> stop(Asker asker, String idOrName, @Nullable String ifMatch, @Nullable String key) {
    Step step =
        new Step("STOP", "stopped", (i, op, now) -> Lifecycle.stop(i, op, asker.actor(), now));
    if (key == null) {
      return change(asker, idOrName, ifMatch, step);
    }
    return idempotency.tenant(
        asker.scope().tenantId(), key, null, s -> change(s, asker, idOrName, ifMatch, step));
  }

  /** Deletes; a repeated delete answers the one that is under way. */
  Uni<Response> delete(Asker asker, String idOrName, @Nullable String ifMatch) {
    return change(
        asker,
        idOrName,
        ifMatch,
        new Step("DELETE", "deleted", (i, op, now) -> Lifecycle.delete(i, op, asker.actor(), now)));
  }

  private interface Transition {
    Optional<Change> apply(InstanceEntity instance, OperationId operation, Moment now);
  }

  private record Step(String kind, String participle, Transition transition) {}

  private Uni<Response> change(Asker asker, String idOrName, @Nullable String ifMatch, Step step) {
    return transactions.asTenant(
        asker.scope().tenantId(), s -> change(s, asker, idOrName, ifMatch, step));
  }

  private Uni<Response> change(
      Mutiny.Session s, Asker asker, String idOrName, @Nullable String ifMatch, Step step) {
    return store
        .load(s, asker.scope(), idOrName, LockModeType.PESSIMISTIC_WRITE)
        .invoke(instance -> ETags.check(ifMatch, instance.version()))
        .chain(instance -> apply(s, asker, instance, step));
  }

  private Uni<Response> apply(Mutiny.Session s, Asker asker, InstanceEntity instance, Step step) {
    if (step.kind().equals("DELETE") && instance.state() == InstanceState.DELETING) {
      return Uni.createFrom().item(InstanceAnswers.accepted(instance));
    }
    OperationId operation = new OperationId(Ids.next());
    return epochs
        .now(s, instance.poolId())
        .chain(
            now -> {
              OperationId before = instance.operationId();
              Change change =
                  step.transition()
                      .apply(instance, operation, now)
                      .orElseThrow(() -> Refusals.wrongState(step.participle(), instance.state()));
              return store
                  .begin(
                      s,
                      new InstanceStore.NewOperation(
                          operation, before, instance, step.kind(), asker.actor(), now.business()))
                  .chain(() -> changes.write(s, change));
            })
        .map(v -> InstanceAnswers.accepted(instance));
  }

  /** Edits name and labels. */
  Uni<Response> update(
      Asker asker, String idOrName, @Nullable String ifMatch, UpdateInstanceRequest request) {
    String labels = request.labels() == null ? null : labels(request.labels());
    return transactions
        .asTenant(
            asker.scope().tenantId(),
            s ->
                store
                    .load(s, asker.scope(), idOrName, LockModeType.PESSIMISTIC_WRITE)
                    .invoke(instance -> ETags.require(ifMatch, instance.version()))
                    .chain(instance -> edit(s, asker, instance, request.name(), labels)))
        .onFailure(Failures::isUniqueViolation)
        .transform(f -> Refusals.nameTaken(String.valueOf(request.name())));
  }

  private Uni<Response> edit(
      Mutiny.Session s,
      Asker asker,
      InstanceEntity instance,
      @Nullable String name,
      @Nullable String labels) {
    if (instance.state() == InstanceState.DELETING || instance.state() == InstanceState.DELETED) {
      throw Refusals.wrongState("changed", instance.state());
    }
    if (name == null && labels == null) {
      return Uni.createFrom().item(ok(instance));
    }
    Change change = Lifecycle.update(instance, name, labels, asker.actor(), epochs.now());
    return changes.write(s, change).map(v -> ok(instance));
  }

  static Response ok(InstanceEntity instance) {
    return Response.ok(InstanceView.of(instance))
        .header("ETag", ETags.of(instance.version()))
        .build();
  }
}
