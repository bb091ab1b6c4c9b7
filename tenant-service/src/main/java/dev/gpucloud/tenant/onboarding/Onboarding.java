package dev.gpucloud.tenant.onboarding;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.tenant.catalogue.Catalogue;
import dev.gpucloud.tenant.catalogue.Named;
import dev.gpucloud.tenant.engine.LastDay;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.engine.TenantLife;
import dev.gpucloud.tenant.engine.TenantSpec;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.Actor;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantMove;
import dev.gpucloud.tenant.tenants.TenantRepository;
import dev.gpucloud.tenant.tenants.TenantService;
import dev.gpucloud.tenant.tenants.TenantWriter;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Makes declared tenants exist as declared, in the caller's transaction: all of them or none. What
 * is as declared already is left alone, without a new version and without an event.
 */
@ApplicationScoped
public class Onboarding {
  private final WorldReader worlds;
  private final TenantWriter tenants;
  private final DetailWriter details;
  private final TenantRepository rows;
  private final TenantService lookup;
  private final Catalogue catalogue;
  private final InstantSource clock;

  Onboarding(
      WorldReader worlds,
      TenantWriter tenants,
      DetailWriter details,
      TenantRepository rows,
      TenantService lookup,
      Catalogue catalogue,
      @Business InstantSource clock) {
    this.worlds = worlds;
    this.tenants = tenants;
    this.details = details;
    this.rows = rows;
    this.lookup = lookup;
    this.catalogue = catalogue;
    this.clock = clock;
  }

  /** Counts of one import. */
  record Tallies(
      ImportReport.Tally tenants,
      ImportReport.Tally projects,
      ImportReport.Tally members,
      ImportReport.Tally quotas) {
    Tallies() {
      this(
          new ImportReport.Tally(),
          new ImportReport.Tally(),
          new ImportReport.Tally(),
          new ImportReport.Tally());
    }

    ImportReport report(boolean validateOnly) {
      return new ImportReport(
          tenants.counts(), projects.counts(), members.counts(), quotas.counts(), validateOnly);
    }
  }

  /**
   * What is declared, with what is wrong with it by itself, and where what is opened comes from.
   */
  record Request(List<Declared> declared, Violations violations, TenantWriter.Origin origin) {
    Request(List<Declared> declared, Violations violations, Actor by) {
      this(declared, violations, new TenantWriter.Origin(by, List.of()));
    }
  }

  /** Opens and changes tenants until they are as declared. */
  Uni<Tallies> settle(Mutiny.Session session, Request request) {
    return worlds
        .read(session, request.declared())
        .chain(
            world -> {
              refuse(request, world);
              var tallies = new Tallies();
              return requireKnown(session, request, world)
                  .chain(() -> settle(session, request, world, tallies))
                  .replaceWith(tallies);
            });
  }

  /** Opens one tenant that must be new. */
  Uni<TenantEntity> open(Mutiny.Session session, Request request) {
    return worlds
        .read(session, request.declared())
        .chain(
            world -> {
              Declared declared = request.declared().getFirst();
              String slug = declared.spec().slug();
              if (request.violations().isEmpty() && world.tenants().containsKey(slug)) {
                throw ProblemType.ALREADY_EXISTS
                    .because("The slug '" + slug + "' is in use.")
                    .at("/slug", "is in use");
              }
              refuse(request, world);
              return requireKnown(session, request, world)
                  .chain(() -> settle(session, request, world, new Tallies()))
                  .map(settled -> Objects.requireNonNull(settled.get(slug)));
            });
  }

  /** A tenant to open, with its first project, its owner, and the steps that led to it. */
  public record Opening(
      TenantSpec spec,
      String project,
      Actor owner,
      List<TenantMove> steps,
      @Nullable String sharesAccountWith) {}

  /** Opens the tenant of an approved application with its owner and its first project. */
  public Uni<TenantEntity> open(Mutiny.Session session, Opening opening) {
    Actor owner = opening.owner();
    var member =
        new Declared.Member("", owner.subject(), owner.name(), Set.of(MemberRole.OWNER), Map.of());
    var first = new Declared.Project("/project", opening.project(), null, null, null);
    var declared =
        new Declared(
            "",
            opening.spec(),
            Map.of(),
            List.of(first),
            List.of(member),
            opening.sharesAccountWith());
    var origin = new TenantWriter.Origin(owner, opening.steps());
    return open(session, new Request(List.of(declared), new Violations(), origin));
  }

  /** Changes what a tenant is declared to be, on the version seen. */
  Uni<TenantEntity> change(Mutiny.Session session, String idOrSlug, TenantPatch patch, Edit edit) {
    return rows.lockTree(session)
        .chain(() -> lookup.load(session, idOrSlug))
        .invoke(tenant -> ETags.require(edit.ifMatch(), tenant.version()))
        .invoke(Onboarding::requireContracted)
        .chain(
            tenant ->
                rows.all(session)
                    .chain(all -> change(session, tenant, patch.on(tenant, all), edit)));
  }

  /** By whom a tenant is changed and on which version. */
  record Edit(Actor by, @Nullable String ifMatch) {}

  private Uni<TenantEntity> change(
      Mutiny.Session session, TenantEntity tenant, TenantPatch.Patched patched, Edit edit) {
    Declared declared =
        new Declared(
            "", patched.spec(), Map.of(), List.of(), List.of(), patched.sharesAccountWith());
    return settle(session, new Request(List.of(declared), patched.violations(), edit.by()))
        .call(session::flush)
        .replaceWith(tenant);
  }

  private static void requireContracted(TenantEntity tenant) {
    if (!(TenantLife.of(tenant.state()) instanceof TenantLife.Contracted)) {
      throw ProblemType.STATE_CONFLICT
          .because("The tenant is " + tenant.state() + " and is not changed any more.")
          .with("state", tenant.state());
    }
  }

  /** 400 when the document is wrong by itself, 422 when it only does not fit what exists. */
  private void refuse(Request request, World world) {
    world.checkProgrammes(request.declared(), LastDay.today(clock.instant()), request.violations());
    boolean wrongByItself = !request.violations().isEmpty();
    world.check(request.declared(), request.violations());
    Refusals.throwIfAny(
        wrongByItself ? ProblemType.VALIDATION_FAILED : ProblemType.UNPROCESSABLE,
        request.violations());
  }

  /** A first quota is of a GPU model that there is; what a tenant has already stays. */
  private Uni<Void> requireKnown(Mutiny.Session session, Request request, World world) {
    List<Named> models = new ArrayList<>();
    for (Declared tenant : request.declared()) {
      for (String model : tenant.quotas().keySet()) {
        if (!world.quotas().containsKey(new QuotaRules.Key(tenant.spec().slug(), model))) {
          models.add(Named.model(model, tenant.at() + "/quota/" + model));
        }
      }
    }
    return models.isEmpty() ? Uni.createFrom().voidItem() : catalogue.require(session, models);
  }

  /** Answers the declared tenants by slug. */
  private Uni<Map<String, TenantEntity>> settle(
      Mutiny.Session session, Request request, World world, Tallies tallies) {
    Map<String, TenantEntity> settled = new HashMap<>(world.tenants());
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Declared tenant : parentsFirst(request.declared())) {
      done =
          done.chain(() -> settle(session, request, tenant, settled, tallies))
              .chain(
                  row -> {
                    settled.put(row.slug(), row);
                    return details.write(
                        new DetailWriter.Work(session, row, tenant, world, tallies));
                  });
    }
    return done.replaceWith(settled);
  }

  private Uni<TenantEntity> settle(
      Mutiny.Session session,
      Request request,
      Declared declared,
      Map<String, TenantEntity> settled,
      Tallies tallies) {
    UUID parentId = parentId(declared.spec().parent(), settled);
    TenantEntity tenant = settled.get(declared.spec().slug());
    if (tenant == null) {
      tallies.tenants().created();
      return tenants.open(session, declared.spec(), parentId, request.origin());
    }
    return tenants
        .change(session, tenant, declared.spec(), parentId)
        .invoke(tallies.tenants()::updated)
        .replaceWith(tenant);
  }

  private static @Nullable UUID parentId(
      @Nullable String parent, Map<String, TenantEntity> settled) {
    return parent == null ? null : Objects.requireNonNull(settled.get(parent)).uuid();
  }

  /** A child's row points at its parent's, so parents come first; there is no cycle any more. */
  private static List<Declared> parentsFirst(List<Declared> declared) {
    var waiting = new ArrayList<>(declared);
    Set<String> open = new HashSet<>();
    declared.forEach(tenant -> open.add(tenant.spec().slug()));
    var sorted = new ArrayList<Declared>();
    while (!waiting.isEmpty()) {
      List<Declared> ready =
          waiting.stream().filter(tenant -> !open.contains(tenant.spec().parent())).toList();
      if (ready.isEmpty()) {
        throw new IllegalStateException("a cycle passed the rules of the tree");
      }
      sorted.addAll(ready);
      waiting.removeAll(ready);
      ready.forEach(tenant -> open.remove(tenant.spec().slug()));
    }
    return sorted;
  }
}
