package dev.gpucloud.tenant.quotas;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.GuaranteeRules;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.engine.QuotaTerms;
import dev.gpucloud.tenant.engine.TenantTree;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantRepository;
import dev.gpucloud.tenant.tenants.TenantTrees;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * The one way to a quota's row: checks what is wished for beside all that stands above and below
 * it, then writes. The caller's transaction runs as the platform and holds the tree's lock.
 */
@ApplicationScoped
public class QuotaSetter {
  private final TenantRepository tenants;
  private final QuotaRepository quotas;
  private final QuotaWriter writer;

  QuotaSetter(TenantRepository tenants, QuotaRepository quotas, QuotaWriter writer) {
    this.tenants = tenants;
    this.quotas = quotas;
    this.writer = writer;
  }

  /** Who reads the refusal: a member may not learn the names of the tenants above. */
  public enum Reader {
    PLATFORM,
    MEMBER
  }

  /** What a scope shall hold of a model. */
  public record Wish(
      TenantEntity tenant, QuotaScope scope, String model, QuotaTerms terms, Reader reader) {
    /** The same for another reader. */
    Wish to(Reader other) {
      return new Wish(tenant, scope, model, terms, other);
    }
  }

  /**
   * Sets what is wished for on the row there is, or opens one.
   *
   * <p>Fails with UNPROCESSABLE naming every limit and guarantee that it does not fit.
   */
  public Uni<QuotaEntity> set(Mutiny.Session session, @Nullable QuotaEntity quota, Wish wish) {
    return requireRoom(session, wish)
        .chain(
            () ->
                quota == null
                    ? writer.open(session, wish.scope(), wish.model(), wish.terms())
                    : writer.change(session, quota, wish.terms()).replaceWith(quota));
  }

  /**
   * Takes back what a tenant's limit over all sites was raised by, and with it lowers every limit
   * that it binds and that would be above it. Guarantees that could no longer be kept together are
   * taken away. What is held stays and only cannot grow.
   */
  public Uni<Void> lower(Mutiny.Session session, QuotaEntity quota, int byGpus) {
    return tenants
        .all(session)
        .chain(
            all ->
                quotas
                    .ofModel(session, quota.model())
                    .chain(rows -> lower(session, Lowering.of(all, rows, quota, byGpus))));
  }

  private Uni<Void> lower(Mutiny.Session session, Map<QuotaEntity, QuotaTerms> changes) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Map.Entry<QuotaEntity, QuotaTerms> change : changes.entrySet()) {
      done =
          done.chain(() -> writer.change(session, change.getKey(), change.getValue()))
              .replaceWithVoid();
    }
    return done;
  }

  private Uni<Void> requireRoom(Mutiny.Session session, Wish wish) {
    return tenants
        .all(session)
        .chain(
            all ->
                quotas.ofModel(session, wish.model()).invoke(rows -> requireRoom(all, rows, wish)))
        .replaceWithVoid();
  }

  private static void requireRoom(List<TenantEntity> all, List<QuotaEntity> quotas, Wish wish) {
    Map<UUID, String> slugs = new HashMap<>();
    all.forEach(row -> slugs.put(row.uuid(), row.slug()));
    var terms = new LinkedHashMap<QuotaRules.Key, QuotaTerms>();
    quotas.forEach(row -> terms.put(row.key(slugs.get(row.tenant().value())), row.terms()));
    terms.put(wish.scope().key(wish.tenant().slug(), wish.model()), wish.terms());
    TenantTree tree = TenantTrees.of(all);
    var violations = new Violations();
    QuotaRules.excesses(tree, limits(terms))
        .forEach(
            excess ->
                violations.add(
                    "/limitGpus",
                    wish.reader() == Reader.PLATFORM ? excess.detail() : excess.detailForMember()));
    GuaranteeRules.overdrafts(tree, terms)
        .forEach(
            overdraft ->
                violations.add(
                    wish.terms().guaranteedGpus() == null ? "/limitGpus" : "/guaranteedGpus",
                    wish.reader() == Reader.PLATFORM
                        ? overdraft.detail()
                        : overdraft.detailForMember(wish.tenant().slug())));
    Refusals.throwIfAny(ProblemType.UNPROCESSABLE, violations);
  }

  private static Map<QuotaRules.Key, Optional<Integer>> limits(
      Map<QuotaRules.Key, QuotaTerms> terms) {
    var limits = new LinkedHashMap<QuotaRules.Key, Optional<Integer>>();
    terms.forEach((key, each) -> limits.put(key, Optional.ofNullable(each.limitGpus())));
    return limits;
  }
}
