package dev.gpucloud.tenant.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Limits of concurrent GPUs by tenant or project, model and site. A tenant may not be promised more
 * than an ancestor that has a limit: usage counts at every level, so the promise could not be kept.
 */
public final class QuotaRules {
  /** Above any fleet planned, and low enough that slices of it never overflow. */
  public static final int MAX_LIMIT_GPUS = 10_000_000;

  private static final Pattern MODEL = Pattern.compile("[a-z0-9][a-z0-9-]{1,62}");

  private QuotaRules() {}

  /**
   * What a limit binds: a tenant by slug with all below it, or one of its projects by id; a GPU
   * model; all sites when {@code site} is empty, else one.
   */
  public record Key(String tenant, @Nullable String project, String model, String site) {
    /** A tenant over all projects and sites. */
    public Key(String tenant, String model) {
      this(tenant, null, model, "");
    }

    /** The scope in words. */
    String words() {
      String whom = project == null ? "'" + tenant + "'" : "project " + project;
      return site.isEmpty() ? whom : whom + " at " + site;
    }
  }

  /**
   * A limit that lies above one that binds it as well, both in GPUs.
   *
   * @param isUnset whether nobody set the limit above, which is 0 GPUs for that reason
   */
  public record Excess(Key key, int limitGpus, Key above, int aboveLimitGpus, boolean isUnset) {
    /** Above a limit that was set. */
    public Excess(Key key, int limitGpus, Key above, int aboveLimitGpus) {
      this(key, limitGpus, above, aboveLimitGpus, false);
    }

    /** In words, with the numbers. */
    public String detail() {
      return isUnset
          ? "%d GPUs of %s for %s are above what %s has: no quota of it, which is 0 GPUs"
              .formatted(limitGpus, key.model(), key.words(), above.words())
          : "%d GPUs of %s for %s are above the %d of %s"
              .formatted(limitGpus, key.model(), key.words(), aboveLimitGpus, above.words());
    }

    /** As {@link #detail}, for a reader who may not know the tenants above. */
    public String detailForMember() {
      boolean own = above.tenant().equals(key.tenant());
      return own
          ? detail()
          : "%d GPUs of %s for %s are above the %d of the tenant's group"
              .formatted(limitGpus, key.model(), key.words(), aboveLimitGpus);
    }
  }

  /** Why a model's name cannot be right, or empty when it can. */
  public static Optional<String> modelRefusal(String model) {
    return MODEL.matcher(model).matches()
        ? Optional.empty()
        : Optional.of("expected a GPU model of lower-case letters, digits and hyphens");
  }

  /** Why a limit cannot be set, or empty when it can; null is "no limit of its own". */
  public static Optional<String> limitRefusal(@Nullable Long limitGpus) {
    return limitGpus == null || (limitGpus >= 0 && limitGpus <= MAX_LIMIT_GPUS)
        ? Optional.empty()
        : Optional.of("expected 0 to " + MAX_LIMIT_GPUS + " GPUs, or null for no limit of its own");
  }

  /** Why a site's name cannot be right, or empty when it can; the empty text is all sites. */
  public static Optional<String> siteRefusal(String site) {
    return site.isEmpty() || MODEL.matcher(site).matches()
        ? Optional.empty()
        : Optional.of("expected a site of lower-case letters, digits and hyphens");
  }

  /**
   * Every pair among {@code limits} in which one is above another that binds it as well: that of an
   * ancestor, of the project's tenant, or the same one's over all sites. Pairs are in the order of
   * the keys. Rows without a limit of their own take no part.
   */
  public static List<Excess> excesses(TenantTree tree, Map<Key, Optional<Integer>> limits) {
    var found = new ArrayList<Excess>();
    var lineages = new HashMap<String, List<String>>();
    limits.forEach(
        (key, limit) ->
            limit.ifPresent(
                gpus ->
                    binding(key, lineages.computeIfAbsent(key.tenant(), t -> lineage(tree, t)))
                        .forEach(above -> addExcess(key, gpus, above, limits, found))));
    return found;
  }

  /**
   * What one limit is above, also where nothing was set: a tenant that is no group has 0 GPUs of a
   * model until it gets a quota over all sites, which is how placement counts.
   */
  public static List<Excess> excessesOf(
      TenantTree tree, Map<Key, Optional<Integer>> limits, Key key) {
    var found = new ArrayList<Excess>();
    int gpus = limits.getOrDefault(key, Optional.empty()).orElse(0);
    for (Key above : binding(key, lineage(tree, key.tenant()))) {
      if (limits.containsKey(above)) {
        addExcess(key, gpus, above, limits, found);
      } else if (gpus > 0 && isNeeded(tree, above)) {
        found.add(new Excess(key, gpus, above, 0, true));
      }
    }
    return found;
  }

  private static boolean isNeeded(TenantTree tree, Key key) {
    return key.project() == null
        && key.site().isEmpty()
        && tree.kind(key.tenant()).filter(kind -> kind == TenantKind.GROUP).isEmpty();
  }

  /** Whether the first of two limits binds the second as well. */
  public static boolean binds(TenantTree tree, Key above, Key key) {
    return binding(key, lineage(tree, key.tenant())).contains(above);
  }

  private static List<String> lineage(TenantTree tree, String tenant) {
    var lineage = new ArrayList<String>();
    lineage.add(tenant);
    lineage.addAll(tree.ancestors(tenant));
    return lineage;
  }

  /** The keys whose limit binds this one as well, nearest first. */
  private static List<Key> binding(Key key, List<String> lineage) {
    var above = new ArrayList<Key>();
    Set<String> sites = new LinkedHashSet<>(List.of(key.site(), ""));
    if (key.project() != null) {
      sites.forEach(site -> above.add(new Key(key.tenant(), key.project(), key.model(), site)));
    }
    for (String tenant : lineage) {
      sites.forEach(site -> above.add(new Key(tenant, null, key.model(), site)));
    }
    above.remove(key);
    return above;
  }

  private static void addExcess(
      Key key, int gpus, Key above, Map<Key, Optional<Integer>> limits, List<Excess> found) {
    limits
        .getOrDefault(above, Optional.empty())
        .filter(limit -> gpus > limit)
        .ifPresent(limit -> found.add(new Excess(key, gpus, above, limit)));
  }
}
