package dev.gpucloud.tenant.quotas;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.tenant.engine.GuaranteeRules;
import dev.gpucloud.tenant.engine.GuaranteeRules.Overdraft;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.engine.QuotaRules.Key;
import dev.gpucloud.tenant.engine.QuotaTerms;
import dev.gpucloud.tenant.engine.TenantTree;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.quotas.QuotaSetter.Reader;
import dev.gpucloud.tenant.quotas.QuotaSetter.Wish;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantTrees;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** How a wish for a quota fits what stands above it, and what has to give way below it. */
final class Fit {
  private final TenantTree tree;
  private final Wish wish;
  private final Key key;
  private final Map<Key, QuotaTerms> terms = new LinkedHashMap<>();
  private final Map<Key, QuotaEntity> rows = new HashMap<>();
  private final Map<QuotaEntity, QuotaTerms> below = new LinkedHashMap<>();

  private Fit(List<TenantEntity> all, List<QuotaEntity> quotas, Wish wish) {
    this.tree = TenantTrees.of(all);
    this.wish = wish;
    this.key = wish.scope().key(wish.tenant().slug(), wish.model());
    Map<UUID, String> slugs = new HashMap<>();
    all.forEach(row -> slugs.put(row.uuid(), row.slug()));
    for (QuotaEntity row : quotas) {
      Key of = row.key(slugs.get(row.tenant().value()));
      terms.put(of, row.terms());
      rows.put(of, row);
    }
    terms.put(key, wish.terms());
  }

  /** Fails with UNPROCESSABLE naming all that it does not fit above. */
  static Fit of(List<TenantEntity> all, List<QuotaEntity> quotas, Wish wish) {
    var fit = new Fit(all, quotas, wish);
    fit.lowerWhatIsBelow();
    fit.require();
    return fit;
  }

  /** Rows below with the terms that are left of them. */
  Map<QuotaEntity, QuotaTerms> below() {
    return below;
  }

  private void lowerWhatIsBelow() {
    Integer limit = wish.terms().limitGpus();
    if (limit == null) {
      return;
    }
    rows.forEach(
        (of, row) -> {
          if (QuotaRules.binds(tree, key, of)) {
            lower(of, Lowering.capped(terms.get(of), limit));
          }
        });
    boolean cannotKeep = overdrafts().stream().anyMatch(o -> o.above().equals(key) && isOfLimit(o));
    if (cannotKeep) {
      rows.keySet().stream()
          .filter(of -> QuotaRules.binds(tree, key, of))
          .forEach(of -> lower(of, QuotaTerms.limit(terms.get(of).limitGpus())));
    }
  }

  /** What is promised below is more than the limit itself, whatever is guaranteed of it. */
  private static boolean isOfLimit(Overdraft overdraft) {
    return overdraft.limit() && overdraft.sum() != GuaranteeRules.Sum.OWN;
  }

  private void lower(Key of, QuotaTerms left) {
    if (!left.equals(terms.get(of))) {
      terms.put(of, left);
      below.put(rows.get(of), left);
    }
  }

  private List<Overdraft> overdrafts() {
    return GuaranteeRules.overdrafts(tree, terms);
  }

  private void require() {
    boolean isPlatform = wish.reader() == Reader.PLATFORM;
    var limits = new LinkedHashMap<Key, Optional<Integer>>();
    terms.forEach((of, each) -> limits.put(of, Optional.ofNullable(each.limitGpus())));
    var violations = new Violations();
    QuotaRules.excessesOf(tree, limits, key)
        .forEach(
            excess ->
                violations.add(
                    "/limitGpus", isPlatform ? excess.detail() : excess.detailForMember()));
    overdrafts()
        .forEach(
            overdraft ->
                violations.add(
                    wish.terms().guaranteedGpus() == null ? "/limitGpus" : "/guaranteedGpus",
                    isPlatform
                        ? overdraft.detail()
                        : overdraft.detailForMember(wish.tenant().slug())));
    Refusals.throwIfAny(ProblemType.UNPROCESSABLE, violations);
  }
}
