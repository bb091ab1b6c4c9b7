package dev.gpucloud.tenant.engine;

import dev.gpucloud.tenant.engine.QuotaRules.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is guaranteed must be there: the children of a scope (tenants below it and its own projects)
 * are together guaranteed no more than the scope is, or than its limit when it has no guarantee of
 * its own; the same holds for the sites of one scope. A child without a guarantee of its own stands
 * for what is guaranteed below it.
 */
public final class GuaranteeRules {
  private final TenantTree tree;
  private final Map<Key, QuotaTerms> quotas;
  private final Map<Whom, Set<Whom>> children = new LinkedHashMap<>();
  private final Set<String> sites = new LinkedHashSet<>();

  /** A tenant, or one of its projects. */
  private record Whom(String tenant, @Nullable String project) {
    Key key(String model, String site) {
      return new Key(tenant, project, model, site);
    }
  }

  /** What was added up. */
  public enum Sum {
    OWN,
    CHILDREN,
    SITES
  }

  /** A sum of guarantees above what one scope has to promise, in GPUs. */
  public record Overdraft(Sum sum, long promisedGpus, Key above, int boundGpus, boolean limit) {
    /** In words, with the scope, its bound and the sum. */
    public String detail() {
      return words("of " + above.words());
    }

    /** As {@link #detail}, for a member of a tenant who may not know those above it. */
    public String detailForMember(String tenant) {
      return above.tenant().equals(tenant)
          ? detail()
          : "what is guaranteed of %s in the tenant's group would be above the %d %s of the group"
              .formatted(above.model(), boundGpus, limit ? "limit" : "guaranteed");
    }

    private String words(String whose) {
      String what =
          switch (sum) {
            case OWN -> "%d GPUs of %s guaranteed are".formatted(promisedGpus, above.model());
            case CHILDREN ->
                "%d GPUs of %s guaranteed to all below together are"
                    .formatted(promisedGpus, above.model());
            case SITES ->
                "%d GPUs of %s guaranteed at all sites together are"
                    .formatted(promisedGpus, above.model());
          };
      return limit
          ? "%s above the limit %d %s".formatted(what, boundGpus, whose)
          : "%s above the guarantee %d %s".formatted(what, boundGpus, whose);
    }
  }

  private GuaranteeRules(TenantTree tree, Map<Key, QuotaTerms> quotas) {
    this.tree = tree;
    this.quotas = quotas;
    quotas.keySet().forEach(this::plant);
  }

  /**
   * Every scope whose promises are above what it has, in the order of the keys. None for a tree
   * with a cycle: sums over it have no end, and it is refused for what it is.
   */
  public static List<Overdraft> overdrafts(TenantTree tree, Map<Key, QuotaTerms> quotas) {
    if (quotas.values().stream().allMatch(terms -> terms.guaranteedGpus() == null)) {
      return List.of();
    }
    boolean cycle =
        quotas.keySet().stream()
            .map(Key::tenant)
            .anyMatch(tenant -> tree.ancestors(tenant).contains(tenant));
    if (cycle) {
      return List.of();
    }
    return new GuaranteeRules(tree, quotas).find();
  }

  private void plant(Key key) {
    if (!key.site().isEmpty()) {
      sites.add(key.site());
    }
    if (key.project() != null) {
      add(new Whom(key.tenant(), null), new Whom(key.tenant(), key.project()));
    }
    String below = key.tenant();
    for (String above : tree.ancestors(key.tenant())) {
      add(new Whom(above, null), new Whom(below, null));
      below = above;
    }
  }

  private void add(Whom parent, Whom child) {
    if (!parent.equals(child)) {
      children.computeIfAbsent(parent, p -> new LinkedHashSet<>()).add(child);
    }
  }

  private List<Overdraft> find() {
    List<Overdraft> found = new ArrayList<>();
    quotas.forEach((key, terms) -> check(key, terms, found));
    return found;
  }

  private void check(Key key, QuotaTerms terms, List<Overdraft> found) {
    Integer own = terms.guaranteedGpus();
    Integer limit = terms.limitGpus();
    if (own != null && limit != null && own > limit) {
      found.add(new Overdraft(Sum.OWN, own, key, limit, true));
    }
    Integer bound = terms.toPromise();
    if (bound == null) {
      return;
    }
    Whom whom = new Whom(key.tenant(), key.project());
    long ofChildren = ofChildren(whom, key.model(), key.site());
    if (ofChildren > bound) {
      found.add(new Overdraft(Sum.CHILDREN, ofChildren, key, bound, own == null));
    }
    long ofSites = key.site().isEmpty() ? ofSites(whom, key.model()) : 0;
    if (ofSites > bound) {
      found.add(new Overdraft(Sum.SITES, ofSites, key, bound, own == null));
    }
  }

  private long promised(Whom whom, String model, String site) {
    QuotaTerms terms = quotas.get(whom.key(model, site));
    if (terms != null && terms.guaranteedGpus() != null) {
      return terms.guaranteedGpus();
    }
    long below = ofChildren(whom, model, site);
    return site.isEmpty() ? Math.max(below, ofSites(whom, model)) : below;
  }

  private long ofChildren(Whom whom, String model, String site) {
    return children.getOrDefault(whom, Set.of()).stream()
        .mapToLong(child -> promised(child, model, site))
        .sum();
  }

  private long ofSites(Whom whom, String model) {
    return sites.stream().mapToLong(site -> promised(whom, model, site)).sum();
  }
}
