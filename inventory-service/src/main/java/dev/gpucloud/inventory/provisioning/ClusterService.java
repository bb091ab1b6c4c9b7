package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.id.ClusterId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.ClusterDraft;
import dev.gpucloud.inventory.instance.ClusterMember;
import dev.gpucloud.inventory.instance.ClusterRef;
import dev.gpucloud.inventory.instance.InstanceDraft;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.Lifecycle;
import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.inventory.placement.Outcome;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.inventory.placement.Placement.ClusterPreview;
import dev.gpucloud.inventory.placement.Task;
import dev.gpucloud.inventory.placement.engine.ClusterShape;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.inventory.provisioning.InstanceService.Asker;
import dev.gpucloud.inventory.quota.QuotaService;
import dev.gpucloud.kit.access.TenantScope;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.idempotency.IdempotencyKey;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What a tenant does to its clusters: asked, placed and deleted as one. */
@ApplicationScoped
class ClusterService {
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final CatalogueCache catalogue;
  private final Placement placement;
  private final QuotaService quota;
  private final InstanceService instances;
  private final InstanceStore instanceStore;
  private final ClusterStore store;
  private final ChangeWriter changes;
  private final PoolEpochs epochs;
  private final ObjectMapper json;

  private final Audit audit;

  ClusterService(
      Transactions transactions,
      Idempotency idempotency,
      CatalogueCache catalogue,
      Placement placement,
      QuotaService quota,
      InstanceService instances,
      InstanceStore instanceStore,
      ClusterStore store,
      ChangeWriter changes,
      PoolEpochs epochs,
      ObjectMapper json,
      Audit audit) {
    this.audit = audit;
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.catalogue = catalogue;
    this.placement = placement;
    this.quota = quota;
    this.instances = instances;
    this.instanceStore = instanceStore;
    this.store = store;
    this.changes = changes;
    this.epochs = epochs;
    this.json = json;
  }

  /** A cluster asked for: what to create, where it may go and how it is to stand. */
  private record Asked(InstanceDraft each, ClusterDraft draft, Demand demand, ClusterShape shape) {
    String what() {
      int members = shape.members();
      return members == 1
          ? "1 instance of " + draft.type().id()
          : members + " instances of " + draft.type().id() + " placed together";
    }
  }

  private Asked asked(Asker asker, CreateClusterRequest request) {
    InstanceDraft each = instances.draft(asker, request.each());
    TopologyRequest topology =
        Objects.requireNonNullElse(request.topology(), TopologyRequest.ANYWHERE);
    ClusterShape shape =
        topology.shape(
            each.type().shape(), request.instances(), request.sparesOrNone(), gpusOfHost(each));
    ClusterDraft draft =
        new ClusterDraft(
            new ClusterId(Ids.next()),
            each.tenant(),
            each.project(),
            each.name(),
            each.type(),
            request.instances(),
            request.sparesOrNone(),
            each.site(),
            each.purchaseClass(),
            write(topology),
            each.actor());
    Demand demand = Demands.of(each);
    return new Asked(each, draft, demand, shape);
  }

  /** The largest whole-GPU type of a model fills its host. */
  private int gpusOfHost(InstanceDraft each) {
    return catalogue.current().types().values().stream()
        .filter(type -> type.model().equals(each.type().model()))
        .mapToInt(type -> type.shape().gpus())
        .max()
        .orElse(0);
  }

  private String write(TopologyRequest topology) {
    try {
      return json.writeValueAsString(topology);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Places all instances of a new cluster, or answers what the key was answered before. */
  Uni<Response> create(Asker asker, CreateClusterRequest request, IdempotencyKey key) {
    return instances.once(
        asker,
        key,
        () -> {
          Asked asked = asked(asker, request);
          Task.CreateCluster task = task(asked, key);
          return placement.place(task).chain(outcome -> answer(asked, task, outcome));
        });
  }

  private Task.CreateCluster task(Asked asked, IdempotencyKey key) {
    List<ClusterMember> members = new ArrayList<>();
    for (int n = 0; n < asked.shape().members(); n++) {
      ClusterRef.Role role =
          n < asked.draft().instances() ? ClusterRef.Role.MEMBER : ClusterRef.Role.SPARE;
      InstanceDraft member =
          asked
              .each()
              .inCluster(
                  new ClusterRef(asked.draft().id(), role),
                  asked.draft().name() + "-" + n,
                  new InstanceId(Ids.next()),
                  new OperationId(Ids.next()));
      members.add(new ClusterMember(member, new RunId(Ids.next())));
    }
    return new Task.CreateCluster(
        asked.draft(),
        members,
        asked.demand(),
        asked.shape(),
        key,
        Outbox.traceparent(),
        audit.origin(),
        (cluster, placed) -> {
          InstanceEntity first = placed.getFirst();
          return idempotency.answer(
              key, accepted(ClusterView.placed(cluster, first.siteId(), first.createdAt()), asked));
        });
  }

  private static Response accepted(ClusterView view, Asked asked) {
    return Response.accepted(view)
        .header("Location", location(asked.draft().project().id().toString(), view))
        .header("ETag", ETags.of(view.version()))
        .build();
  }

  private static String location(String project, ClusterView view) {
    return "/api/v1/projects/%s/clusters/%s".formatted(project, view.id());
  }

  private Uni<Response> answer(Asked asked, Task.CreateCluster task, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> Uni.createFrom().item(done.answer().first());
      case Outcome.Elsewhere other -> Uni.createFrom().item(other.answer().first());
      case Outcome.NoRoom none -> noRoom(asked);
      case Outcome.KeyTaken taken -> instances.replay(task);
      case Outcome.OverQuota over -> throw Refusals.overQuota(task.demand(), over.excess());
      case Outcome.Unavailable unavailable -> throw Refusals.unavailable(unavailable);
      case Outcome.NameTaken taken -> throw Refusals.clusterNameTaken(asked.draft().name());
      case Outcome.WrongState wrong ->
          throw new IllegalStateException("a new cluster has no state");
      case Outcome.Freed freed -> throw new IllegalStateException("a placement was freed");
    };
  }

  private Uni<Response> noRoom(Asked asked) {
    return placement
        .explain(asked.demand(), asked.shape())
        .map(
            refusal -> {
              throw Refusals.noRoom(
                  asked.draft().type().id(), asked.what(), asked.demand(), refusal);
            });
  }

  /** The real decision without taking anything: where it would go, or the refusal. */
  Uni<Response> validate(Asker asker, CreateClusterRequest request) {
    Asked asked = asked(asker, request);
    int slices = asked.shape().slices();
    return quota
        .room(asker.scope().tenantId(), asked.draft().project().id(), asked.demand().model())
        .invoke(room -> InstanceService.requireQuota(asked.demand(), room.exceededBy(slices)))
        .chain(
            room ->
                placement
                    .previews(asked.demand(), asked.shape())
                    .map(
                        found ->
                            InstanceService.firstWithin(
                                asked.demand(), room, slices, found, ClusterPreview::site)))
        .chain(
            preview ->
                preview.isPresent()
                    ? Uni.createFrom()
                        .item(Response.ok(PlacementView.of(asked.draft(), preview.get())).build())
                    : noRoom(asked));
  }

  /** Deletes all instances of a cluster; a repeated delete answers how far it is. */
  Uni<Response> delete(Asker asker, String idOrName, @Nullable String ifMatch) {
    return transactions.asTenant(
        asker.scope().tenantId(),
        s ->
            store
                .load(s, asker.scope(), idOrName, LockModeType.PESSIMISTIC_WRITE)
                .invoke(cluster -> ETags.check(ifMatch, cluster.version))
                .chain(cluster -> delete(s, asker, cluster)));
  }

  private Uni<Response> delete(Mutiny.Session s, Asker asker, ClusterEntity cluster) {
    TenantScope scope = asker.scope();
    if (cluster.state.equals("ACTIVE")) {
      cluster.delete(epochs.now().business());
    }
    return store
        .lockInstances(s, scope, cluster)
        .chain(members -> deleteEach(s, asker, members))
        .chain(s::flush)
        .chain(() -> store.view(s, scope, cluster))
        .map(
            view ->
                Response.accepted(view)
                    .header("Location", location(scope.project().id().toString(), view))
                    .header("ETag", ETags.of(view.version()))
                    .build());
  }

  private Uni<Void> deleteEach(Mutiny.Session s, Asker asker, List<InstanceEntity> members) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (InstanceEntity member : members) {
      done =
          done.chain(() -> epochs.now(s, member.poolId()))
              .chain(now -> delete(s, asker, member, now));
    }
    return done;
  }

  private Uni<Void> delete(Mutiny.Session s, Asker asker, InstanceEntity member, Moment now) {
    OperationId before = member.operationId();
    OperationId operation = new OperationId(Ids.next());
    Optional<Change> change = Lifecycle.delete(member, operation, asker.actor(), now);
    if (change.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return instanceStore
        .begin(
            s,
            new InstanceStore.NewOperation(
                operation, before, member, "DELETE", asker.actor(), now.business()))
        .chain(() -> changes.write(s, change.get()));
  }
}
