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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What must be lowered together with a tenant's limit, so that every rule still holds. */
final class Lowering {
  private Lowering() {}

  static Map<QuotaEntity, QuotaTerms> of(
      List<TenantEntity> all, List<QuotaEntity> rows, QuotaEntity quota, int toGpus) {
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
        terms = capped(row, quota, toGpus);
        changes.put(row, terms);
      }
      after.put(row.key(of), terms);
    }
    if (!GuaranteeRules.overdrafts(tree, after).isEmpty()) {
      changes.replaceAll((row, terms) -> QuotaTerms.limit(terms.limitGpus()));
    }
    return changes;
  }

  private static QuotaTerms capped(QuotaEntity row, QuotaEntity quota, int toGpus) {
    QuotaTerms terms = row.terms();
    Integer limit =
        row.key("").equals(quota.key("")) && row.tenant().equals(quota.tenant())
            ? Integer.valueOf(toGpus)
            : least(terms.limitGpus(), toGpus);
    return new QuotaTerms(limit, least(terms.guaranteedGpus(), toGpus), terms.borrowLimitGpus());
  }

  private static @Nullable Integer least(@Nullable Integer gpus, int most) {
    return gpus == null ? null : Integer.valueOf(Math.min(gpus, most));
  }
}
