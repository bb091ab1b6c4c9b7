package dev.gpucloud.inventory.volume;

import dev.gpucloud.contracts.event.Capability;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.VolumeId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.catalogue.Catalogue;
import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.catalogue.OpenSites;
import dev.gpucloud.inventory.instance.Change;
import dev.gpucloud.inventory.instance.ChangeWriter;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.instance.InstanceState;
import dev.gpucloud.inventory.instance.Reshaping;
import dev.gpucloud.inventory.instance.SetupRows;
import dev.gpucloud.inventory.placement.engine.Constraint;
import dev.gpucloud.inventory.placement.engine.SiteFacts;
import dev.gpucloud.inventory.provisioning.InstanceStore;
import dev.gpucloud.inventory.provisioning.PoolEpochs;
import dev.gpucloud.inventory.setup.Capabilities;
import dev.gpucloud.inventory.tenancy.OpenScope;
import dev.gpucloud.kit.access.TenantRef;
import dev.gpucloud.kit.access.TenantScope;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Makes, attaches, detaches and deletes volumes, in a tenant's transaction. */
@ApplicationScoped
class VolumeService {
  private static final int MOST_OF_PROJECT = 1000;
  private static final int MOST_OF_INSTANCE = 16;
  private static final String OF_PROJECT =
      "from VolumeEntity v where v.tenantId = :tenant and v.projectId = :project ";
  private static final String LEFT = "and v.state <> 'DELETED' ";

  private final InstanceStore instances;
  private final ChangeWriter changes;
  private final PoolEpochs epochs;
  private final Capabilities capabilities;
  private final CatalogueCache catalogue;
  private final OpenScope openScope;

  VolumeService(
      InstanceStore instances,
      ChangeWriter changes,
      PoolEpochs epochs,
      Capabilities capabilities,
      CatalogueCache catalogue,
      OpenScope openScope) {
    this.openScope = openScope;
    this.catalogue = catalogue;
    this.instances = instances;
    this.changes = changes;
    this.epochs = epochs;
    this.capabilities = capabilities;
  }

  /** Who asks, where. */
  record Asker(TenantScope scope, String actor) {}

  private static Mutiny.SelectionQuery<VolumeEntity> scoped(
      Mutiny.Session s, TenantScope scope, String where) {
    return s.createSelectionQuery(OF_PROJECT + where, VolumeEntity.class)
        .setParameter("tenant", scope.tenantId().value())
        .setParameter("project", scope.project().id().value());
  }

  /** One that is not deleted, to change it. */
  private static Uni<VolumeEntity> load(
      Mutiny.Session s, TenantScope scope, String id, LockModeType lock) {
    return load(s, scope, id, LEFT, lock);
  }

  /** Also one that is deleted. */
  Uni<VolumeEntity> show(Mutiny.Session s, TenantScope scope, String id) {
    return load(s, scope, id, "", LockModeType.NONE);
  }

  private static Uni<VolumeEntity> load(
      Mutiny.Session s, TenantScope scope, String id, String which, LockModeType lock) {
    UUID parsed;
    try {
      parsed = VolumeId.parse(id).value();
    } catch (IllegalArgumentException e) {
      throw notFound(id);
    }
    return scoped(s, scope, which + "and v.id = :id")
        .setParameter("id", parsed)
        .setLockMode(lock)
        .getResultList()
        .map(
            found -> {
              if (found.isEmpty()) {
                throw notFound(id);
              }
              return found.getFirst();
            });
  }

  private static ProblemException notFound(String id) {
    return ProblemType.NOT_FOUND.because("The project has no volume '" + id + "'.");
  }

  /** Oldest first, without deleted ones. */
  Uni<Page<VolumeView>> list(Mutiny.Session s, TenantScope scope, PageRequest page) {
    String after = page.after().get("id");
    Mutiny.SelectionQuery<VolumeEntity> query =
        scoped(s, scope, LEFT + (after == null ? "" : "and v.id > :after ") + "order by v.id");
    if (after != null) {
      query = query.setParameter("after", position(after));
    }
    return query
        .setMaxResults(page.limit())
        .getResultList()
        .map(rows -> page.page(rows, VolumeView::of, v -> Map.of("id", v.id.toString())));
  }

  private static UUID position(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PAGE_TOKEN.because("The page token is of another list.");
    }
  }

  Uni<VolumeEntity> create(Mutiny.Session s, Asker asker, CreateVolumeRequest request) {
    openScope.require(asker.scope());
    requireSite(asker.scope().tenant(), request.site());
    VolumeEntity volume =
        new VolumeEntity(Ids.next(), request.name(), request.sizeGib(), request.site());
    volume.tenantId = asker.scope().tenantId().value();
    volume.projectId = asker.scope().project().id().value();
    volume.createdBy = asker.actor();
    volume.createdAt = epochs.now().business();
    volume.updatedAt = volume.createdAt;
    return count(s, asker.scope())
        .invoke(
            n -> {
              if (n >= MOST_OF_PROJECT) {
                throw ProblemType.QUOTA_EXCEEDED
                    .because("A project has at most " + MOST_OF_PROJECT + " volumes.")
                    .with("limit", MOST_OF_PROJECT);
              }
            })
        .chain(() -> s.persist(volume))
        .chain(s::flush)
        .replaceWith(volume);
  }

  /** A volume holds data: it may be nowhere where an instance of the tenant may not be. */
  private void requireSite(TenantRef tenant, String site) {
    Catalogue known = catalogue.current();
    Set<String> open = OpenSites.of(tenant, known);
    Optional<SiteFacts> facts = known.site(site);
    if (facts.isEmpty()) {
      throw ProblemType.UNKNOWN_REFERENCE
          .because("There is no site '" + site + "'.")
          .at("/site", "is no site; see params.validSites")
          .with("validSites", List.copyOf(open));
    }
    Constraint forbidding = OpenSites.rules(tenant).forbidding(facts.get());
    if (forbidding != null) {
      throw ProblemType.UNPROCESSABLE
          .because("Site " + site + " is not open to the tenant; see params.openSites.")
          .at("/site", "is not open to the tenant")
          .with("constraint", forbidding.name())
          .with("openSites", List.copyOf(open));
    }
    SequencedMap<String, Capability> needed = new LinkedHashMap<>();
    needed.put("/site", Capability.VOLUMES);
    capabilities.require(needed, site, open);
  }

  private static Uni<Long> count(Mutiny.Session s, TenantScope scope) {
    return s.createSelectionQuery("select count(*) " + OF_PROJECT + LEFT, Long.class)
        .setParameter("tenant", scope.tenantId().value())
        .setParameter("project", scope.project().id().value())
        .getSingleResult();
  }

  Uni<VolumeEntity> delete(Mutiny.Session s, Asker asker, String id, @Nullable String ifMatch) {
    return load(s, asker.scope(), id, LockModeType.PESSIMISTIC_WRITE)
        .invoke(v -> ETags.check(ifMatch, v.version))
        .invoke(
            v -> {
              if (v.instanceId != null) {
                throw ProblemType.STATE_CONFLICT
                    .because("The volume is in use; detach it, or delete its instance.")
                    .with("state", v.state);
              }
              if (!v.isLeaving()) {
                v.leave(epochs.now().business());
              }
            });
  }

  /** The instance first, then the volume: everywhere in this order. */
  Uni<VolumeEntity> attach(Mutiny.Session s, Asker asker, String id, AttachVolumeRequest request) {
    return instances
        .load(s, asker.scope(), request.instance(), LockModeType.PESSIMISTIC_WRITE)
        .onFailure(ProblemException.class)
        .transform(
            f ->
                ProblemType.UNKNOWN_REFERENCE
                    .because("The project has no instance '" + request.instance() + "'.")
                    .at("/instance", "must be an instance of the project"))
        .chain(
            instance ->
                load(s, asker.scope(), id, LockModeType.PESSIMISTIC_WRITE)
                    .call(volume -> attached(s, instance))
                    .chain(volume -> attach(s, asker, instance, volume, request)));
  }

  private static Uni<Void> attached(Mutiny.Session s, InstanceEntity instance) {
    return s.createSelectionQuery(
            "select count(*) from VolumeEntity v where v.instanceId = :id", Long.class)
        .setParameter("id", instance.id().value())
        .getSingleResult()
        .invoke(
            n -> {
              if (n >= MOST_OF_INSTANCE) {
                throw ProblemType.STATE_CONFLICT
                    .because("An instance has at most " + MOST_OF_INSTANCE + " volumes.")
                    .with("limit", MOST_OF_INSTANCE);
              }
            })
        .replaceWithVoid();
  }

  private Uni<VolumeEntity> attach(
      Mutiny.Session s,
      Asker asker,
      InstanceEntity instance,
      VolumeEntity volume,
      AttachVolumeRequest request) {
    if (volume.instanceId != null) {
      throw ProblemType.STATE_CONFLICT
          .because("The volume is in use by another instance, or by this one already.")
          .with("state", volume.state);
    }
    if (volume.isLeaving()) {
      throw ProblemType.STATE_CONFLICT
          .because("The volume is being deleted.")
          .with("state", volume.state);
    }
    if (!volume.siteId.equals(instance.siteId())) {
      throw ProblemType.STATE_CONFLICT
          .because(
              "The volume is at site %s, the instance at %s."
                  .formatted(volume.siteId, instance.siteId()))
          .with("volumeSite", volume.siteId)
          .with("instanceSite", instance.siteId());
    }
    capabilities.requireAt(volume.siteId, Capability.VOLUMES);
    SetupRows.equip(instance);
    volume.deleteOnTermination = Boolean.TRUE.equals(request.deleteOnTermination());
    volume.become("IN_USE", instance.id().value(), epochs.now().business());
    return tell(s, asker, instance).replaceWith(volume);
  }

  Uni<VolumeEntity> detach(Mutiny.Session s, Asker asker, String id, @Nullable String ifMatch) {
    return load(s, asker.scope(), id, LockModeType.NONE)
        .chain(
            seen -> {
              if (seen.instanceId == null) {
                throw ProblemType.STATE_CONFLICT
                    .because("The volume is not in use.")
                    .with("state", seen.state);
              }
              return instances
                  .load(s, asker.scope(), "ins_" + seen.instanceId, LockModeType.PESSIMISTIC_WRITE)
                  .chain(instance -> detach(s, asker, seen, instance, ifMatch));
            });
  }

  private Uni<VolumeEntity> detach(
      Mutiny.Session s,
      Asker asker,
      VolumeEntity volume,
      InstanceEntity instance,
      @Nullable String ifMatch) {
    return s.refresh(volume, LockModeType.PESSIMISTIC_WRITE)
        .chain(
            () -> {
              ETags.check(ifMatch, volume.version);
              if (volume.boot || !instance.id().value().equals(volume.instanceId)) {
                throw ProblemType.STATE_CONFLICT
                    .because(
                        volume.boot
                            ? "The instance boots from this volume."
                            : "The volume was detached meanwhile.")
                    .with("state", volume.state);
              }
              volume.deleteOnTermination = false;
              volume.become("AVAILABLE", null, epochs.now().business());
              return tell(s, asker, instance).replaceWith(volume);
            });
  }

  private Uni<Void> tell(Mutiny.Session s, Asker asker, InstanceEntity instance) {
    if (instance.state() != InstanceState.RUNNING && instance.state() != InstanceState.STOPPED) {
      throw ProblemType.STATE_CONFLICT
          .because("Volumes come to and leave an instance that is RUNNING or STOPPED.")
          .with("state", instance.state().name());
    }
    return s.flush()
        .chain(() -> epochs.now(s, instance.poolId()))
        .chain(
            now -> {
              Change change =
                  Reshaping.giveAnew(instance, "VOLUMES", asker.actor(), now).orElseThrow();
              return changes.write(s, change);
            });
  }
}
