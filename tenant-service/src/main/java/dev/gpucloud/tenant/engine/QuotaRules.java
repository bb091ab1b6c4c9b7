package dev.gpucloud.tenant.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Limits of concurrent GPUs by tenant and model. A tenant may not be promised more than an ancestor
 * that has a limit: usage counts at every level, so the promise could not be kept.
 */
public final class QuotaRules {
  /** Above any fleet planned, and low enough that slices of it never overflow. */
  public static final int MAX_LIMIT_GPUS = 10_000_000;

  private static final Pattern MODEL = Pattern.compile("[a-z0-9][a-z0-9-]{1,62}");

  private QuotaRules() {}

  /** A tenant by slug and a GPU model. */
  public record Key(String tenant, String model) {}

  /** A tenant's limit that lies above its ancestor's, both in GPUs. */
  public record Excess(
      String tenant, String model, int limitGpus, String ancestor, int ancestorLimitGpus) {
    /** In words, with the numbers. */
    public String detail() {
      return "%d GPUs of %s for '%s' are above the %d of '%s'"
          .formatted(limitGpus, model, tenant, ancestorLimitGpus, ancestor);
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

  /**
   * Every pair among {@code limits} in which a descendant has more than an ancestor, in the order
   * of the keys. Rows without a limit of their own take no part.
   */
  public static List<Excess> excesses(TenantTree tree, Map<Key, Optional<Integer>> limits) {
    var found = new ArrayList<Excess>();
    var ancestors = new HashMap<String, List<String>>();
    limits.forEach(
        (key, limit) ->
            limit.ifPresent(
                gpus ->
                    addExcesses(
                        key,
                        gpus,
                        ancestors.computeIfAbsent(key.tenant(), tree::ancestors),
                        limits,
                        found)));
    return found;
  }

  private static void addExcesses(
      Key key,
      int gpus,
      Collection<String> ancestors,
      Map<Key, Optional<Integer>> limits,
      List<Excess> found) {
    for (String ancestor : ancestors) {
      limits
          .getOrDefault(new Key(ancestor, key.model()), Optional.empty())
          .filter(limit -> gpus > limit)
          .ifPresent(
              limit -> found.add(new Excess(key.tenant(), key.model(), gpus, ancestor, limit)));
    }
  }
}
