package dev.gpucloud.tenant.quotas;

import dev.gpucloud.tenant.engine.GuaranteeRules;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.engine.QuotaTerms;
import dev.gpucloud.tenant.engine.TenantTree;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantTrees;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What must be lowered together with a tenant's limit, so that every rule still holds. */
final class Lowering {
  private Lowering() {}

  static Map<QuotaEntity, QuotaTerms> of(
      List<TenantEntity> all, List<QuotaEntity> rows, QuotaEntity quota, int byGpus) {
    int toGpus = Math.max(0, Objects.requireNonNull(quota.limitGpus()) - byGpus);
    Map<UUID, String> slugs = new HashMap<>();
    all.forEach(row -> slugs.put(row.uuid(), row.slug()));
    TenantTree tree = TenantTrees.of(all);
    String slug = slugs.get(quota.tenant().value());
    Map<QuotaEntity, QuotaTerms> changes = new LinkedHashMap<>();
    Map<QuotaRules.Key, QuotaTerms> after = new LinkedHashMap<>();
    for (QuotaEntity row : rows) {
      String of = slugs.get(row.tenant().value());
      QuotaTerms terms = row.terms();
      if (of.equals(slug) || tree.ancestors(of).contains(slug)) {
        terms = isSame(row, quota) ? lowered(terms, byGpus) : capped(terms, toGpus);
        changes.put(row, terms);
      }
      after.put(row.key(of), terms);
    }
    if (!GuaranteeRules.overdrafts(tree, after).isEmpty()) {
      changes.replaceAll((row, terms) -> QuotaTerms.limit(terms.limitGpus()));
    }
    return changes;
  }

  private static boolean isSame(QuotaEntity row, QuotaEntity other) {
    return row.tenant().equals(other.tenant()) && row.key("").equals(other.key(""));
  }

  /** What was raised goes; of what may be borrowed as well, where it is bounded. */
  private static QuotaTerms lowered(QuotaTerms terms, int byGpus) {
    int limit = Math.max(0, Objects.requireNonNull(terms.limitGpus()) - byGpus);
    Integer borrow = terms.borrowLimitGpus();
    return new QuotaTerms(
        limit,
        least(terms.guaranteedGpus(), limit),
        borrow == null ? null : Integer.valueOf(Math.max(0, borrow - byGpus)));
  }

  /** No more than so many GPUs, of what is promised as well. */
  static QuotaTerms capped(QuotaTerms terms, int toGpus) {
    return new QuotaTerms(
        least(terms.limitGpus(), toGpus),
        least(terms.guaranteedGpus(), toGpus),
        terms.borrowLimitGpus());
  }

  private static @Nullable Integer least(@Nullable Integer gpus, int most) {
    return gpus == null ? null : Integer.valueOf(Math.min(gpus, most));
  }
}
