package dev.gpucloud.tenant.onboarding;

import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.tenant.engine.BusinessNumber;
import dev.gpucloud.tenant.engine.GuaranteeRules;
import dev.gpucloud.tenant.engine.LastDay;
import dev.gpucloud.tenant.engine.Pointers;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.engine.QuotaTerms;
import dev.gpucloud.tenant.engine.SharedAccounts;
import dev.gpucloud.tenant.engine.TenantSpec;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.engine.TenantTree;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.projects.ProjectEntity;
import dev.gpucloud.tenant.quotas.QuotaEntity;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantTrees;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What exists, as far as declarations must fit it, read under the tree's lock. */
record World(
    Map<String, TenantEntity> tenants,
    Map<QuotaRules.Key, QuotaEntity> quotas,
    Map<UUID, Map<String, ProjectEntity>> projects) {

  static World of(
      List<TenantEntity> tenants, List<QuotaEntity> quotas, List<ProjectEntity> projects) {
    var bySlug = new LinkedHashMap<String, TenantEntity>();
    var slugs = new HashMap<UUID, String>();
    for (TenantEntity tenant : tenants) {
      bySlug.put(tenant.slug(), tenant);
      slugs.put(tenant.uuid(), tenant.slug());
    }
    var byKey = new LinkedHashMap<QuotaRules.Key, QuotaEntity>();
    for (QuotaEntity quota : quotas) {
      byKey.put(quota.key(slugs.get(quota.tenant().value())), quota);
    }
    var byTenant = new HashMap<UUID, Map<String, ProjectEntity>>();
    for (ProjectEntity project : projects) {
      byTenant
          .computeIfAbsent(project.tenant().value(), id -> new HashMap<>())
          .put(project.slug(), project);
    }
    return new World(bySlug, byKey, byTenant);
  }

  Map<String, ProjectEntity> projectsOf(@Nullable TenantEntity tenant) {
    return tenant == null ? Map.of() : projects.getOrDefault(tenant.uuid(), Map.of());
  }

  /** Adds what is wrong with the declarations beside what exists and beside each other. */
  void check(List<Declared> declared, Violations violations) {
    var bySlug = new LinkedHashMap<String, Declared>();
    declared.stream()
        .filter(tenant -> !tenant.spec().slug().isEmpty())
        .forEach(tenant -> bySlug.putIfAbsent(tenant.spec().slug(), tenant));
    var moved = new HashMap<String, TenantTree.Node>();
    bySlug.forEach(
        (slug, tenant) ->
            moved.put(slug, new TenantTree.Node(tenant.spec().kind(), tenant.spec().parent())));
    TenantTree tree = TenantTrees.of(tenants.values()).with(moved);
    bySlug.values().forEach(tenant -> checkExisting(tenant, violations));
    bySlug.values().forEach(tenant -> checkParentStays(tenant, violations));
    checkPlaces(tree, bySlug, violations);
    checkQuotas(tree, bySlug, violations);
    checkAccounts(tree, bySlug, violations);
    bySlug.values().forEach(tenant -> checkProjectRoles(tenant, violations));
  }

  /** Adds programmes given anew that are over already; one that is there may have run out. */
  void checkProgrammes(List<Declared> declared, LocalDate today, Violations violations) {
    for (Declared tenant : declared) {
      TenantFact.Programme programme = tenant.spec().programme();
      TenantEntity before = tenants.get(tenant.spec().slug());
      boolean isNew = before == null || !Objects.equals(before.spec(null).programme(), programme);
      if (programme != null && isNew) {
        LastDay.refusal(programme.expires(), today)
            .ifPresent(why -> violations.add(tenant.at() + "/programme/expires", why));
      }
    }
  }

  private void checkExisting(Declared declared, Violations violations) {
    TenantEntity tenant = tenants.get(declared.spec().slug());
    if (tenant == null) {
      return;
    }
    var kind = declared.spec().kind();
    if (kind != null && kind != tenant.kind()) {
      violations.add(declared.at() + "/kind", "it is " + tenant.kind() + " and cannot change");
    }
    if (tenant.state() == TenantState.CLOSING || tenant.state() == TenantState.CLOSED) {
      violations.add(declared.at(), "the tenant is " + tenant.state());
    }
  }

  /** Who is on the way out takes no tenant below itself any more. */
  private void checkParentStays(Declared declared, Violations violations) {
    String slug = declared.spec().parent();
    TenantEntity parent = slug == null ? null : tenants.get(slug);
    if (parent != null
        && (parent.state() == TenantState.CLOSING || parent.state() == TenantState.CLOSED)) {
      violations.add(declared.at() + "/parent", "'" + slug + "' is " + parent.state());
    }
  }

  /** A move can also push tenants below it too deep: reported where the move was declared. */
  private void checkPlaces(TenantTree tree, Map<String, Declared> bySlug, Violations violations) {
    Set<String> slugs = new HashSet<>(tenants.keySet());
    slugs.addAll(bySlug.keySet());
    for (String slug : slugs.stream().sorted().toList()) {
      tree.refusal(slug)
          .ifPresent(
              why -> {
                Declared declared = nearestDeclared(slug, tree, bySlug);
                if (declared != null) {
                  violations.add(declared.at() + "/parent", why);
                }
              });
    }
  }

  private static @Nullable Declared nearestDeclared(
      String slug, TenantTree tree, Map<String, Declared> bySlug) {
    if (bySlug.containsKey(slug)) {
      return bySlug.get(slug);
    }
    return tree.ancestors(slug).stream()
        .filter(bySlug::containsKey)
        .findFirst()
        .map(bySlug::get)
        .orElse(null);
  }

  private void checkQuotas(TenantTree tree, Map<String, Declared> bySlug, Violations violations) {
    var terms = new LinkedHashMap<QuotaRules.Key, QuotaTerms>();
    quotas.forEach((key, quota) -> terms.put(key, quota.terms()));
    bySlug.forEach(
        (slug, tenant) ->
            tenant
                .quotas()
                .forEach(
                    (model, limit) ->
                        terms.merge(
                            new QuotaRules.Key(slug, model),
                            QuotaTerms.limit(limit.orElse(null)),
                            (before, declared) -> before.withLimit(declared.limitGpus()))));
    var limits = new LinkedHashMap<QuotaRules.Key, Optional<Integer>>();
    terms.forEach((key, each) -> limits.put(key, Optional.ofNullable(each.limitGpus())));
    var excesses = new LinkedHashSet<>(QuotaRules.excesses(tree, limits));
    limits.keySet().stream()
        .filter(key -> bySlug.containsKey(key.tenant()) && isDeclared(bySlug, key))
        .forEach(key -> excesses.addAll(QuotaRules.excessesOf(tree, limits, key)));
    for (QuotaRules.Excess excess : excesses) {
      List<QuotaRules.Key> keys = List.of(excess.key(), excess.above());
      violations.add(pointerOf(keys, tree, bySlug), excess.detail());
    }
    for (GuaranteeRules.Overdraft overdraft : GuaranteeRules.overdrafts(tree, terms)) {
      violations.add(pointerOf(List.of(overdraft.above()), tree, bySlug), overdraft.detail());
    }
  }

  private static boolean isDeclared(Map<String, Declared> bySlug, QuotaRules.Key key) {
    return key.project() == null
        && key.site().isEmpty()
        && Objects.requireNonNull(bySlug.get(key.tenant())).quotas().containsKey(key.model());
  }

  /** The quota of the first that the document has, else the move itself. */
  private static String pointerOf(
      List<QuotaRules.Key> keys, TenantTree tree, Map<String, Declared> bySlug) {
    for (QuotaRules.Key key : keys) {
      Declared declared = bySlug.get(key.tenant());
      if (declared != null && declared.quotas().containsKey(key.model())) {
        return declared.at() + "/quota/" + key.model();
      }
    }
    Declared moved = nearestDeclared(keys.getFirst().tenant(), tree, bySlug);
    return moved == null ? "" : moved.at() + "/parent";
  }

  /** Only what is asked for anew: what came about before this rule can still be edited. */
  private void checkAccounts(TenantTree tree, Map<String, Declared> bySlug, Violations violations) {
    var holders = new HashMap<String, SharedAccounts.Holder>();
    tenants.values().stream()
        .filter(tenant -> tenant.state() != TenantState.CLOSED)
        .forEach(tenant -> put(holders, tenant.spec(null)));
    var asked = new LinkedHashMap<String, SharedAccounts.Asked>();
    bySlug.forEach(
        (slug, declared) -> {
          SharedAccounts.Holder before = holders.remove(slug);
          SharedAccounts.Holder after = put(holders, declared.spec());
          String shares = declared.sharesAccountWith();
          boolean isNew =
              after == null
                  ? shares != null
                  : before == null || !before.number().equals(after.number());
          if (isNew || after != null && !after.equals(before)) {
            asked.put(slug, new SharedAccounts.Asked(declared.at(), isNew, shares));
          }
        });
    var accounts = new SharedAccounts(tree, holders, asked);
    asked.keySet().forEach(slug -> accounts.check(slug, violations));
  }

  /** A number that is none is refused elsewhere. */
  private static SharedAccounts.@Nullable Holder put(
      Map<String, SharedAccounts.Holder> holders, TenantSpec spec) {
    String number = spec.businessNumber();
    if (number == null || BusinessNumber.refusal(number).isPresent()) {
      return null;
    }
    var holder = new SharedAccounts.Holder(new BusinessNumber(number).value(), spec.billingMode());
    holders.put(spec.slug(), holder);
    return holder;
  }

  private void checkProjectRoles(Declared declared, Violations violations) {
    Set<String> known = new HashSet<>(projectsOf(tenants.get(declared.spec().slug())).keySet());
    declared.projects().forEach(project -> known.add(project.slug()));
    for (Declared.Member member : declared.members()) {
      member.projectRoles().keySet().stream()
          .filter(slug -> !known.contains(slug))
          .forEach(
              slug ->
                  violations.add(
                      member.at() + "/projectRoles/" + Pointers.escape(slug),
                      "the tenant has no project '" + slug + "'"));
    }
  }
}
