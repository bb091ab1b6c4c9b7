package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.tenant.engine.Pointers;
import dev.gpucloud.tenant.engine.QuotaRules;
import dev.gpucloud.tenant.engine.Segment;
import dev.gpucloud.tenant.engine.Slugs;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.grants.engine.CallRules;
import dev.gpucloud.tenant.request.Refusals;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A call to be opened. */
@Schema(
    name = "OpenGrantCall",
    examples =
        """
        {
          "slug": "national-gpu-2028",
          "name": "National GPU grant, third round",
          "applyUntil": "2028-01-31T09:00:00Z",
          "windowStart": "2028-03-01T00:00:00Z",
          "windowEnd": "2028-08-31T00:00:00Z",
          "customerSharePct": 10,
          "pools": {"b200-sxm-180g": 1024},
          "categoryGpus": {"ACADEMIA": 512},
          "regionalMinPct": 20,
          "weights": {"regional": 5, "category": {"STARTUP": 3}}
        }""")
record OpenCallRequest(
    @Schema(required = true, examples = "national-gpu-2026") @Nullable String slug,
    @Schema(required = true, examples = "National GPU grant, first round") @Nullable String name,
    @Schema(required = true, description = "Applications are taken before this instant.")
        @Nullable Instant applyUntil,
    @Schema(required = true, description = "The GPUs may be held from here.")
        @Nullable Instant windowStart,
    @Schema(required = true) @Nullable Instant windowEnd,
    @Schema(
            required = true,
            examples = "10",
            description = "What those awarded pay of the price, in per cent.")
        @Nullable Integer customerSharePct,
    @Schema(
            required = true,
            examples = "{\"b200-sxm-180g\":4224}",
            description = "GPUs of a model.")
        @Nullable Map<String, Integer> pools,
    @Schema(
            examples = "{\"ACADEMIA\":2624}",
            description = "Most GPUs for a category; without one there is no maximum.")
        @Nullable Map<String, Integer> categoryGpus,
    @Schema(description = "Awards are whole hosts of 8 GPUs; true by default.")
        @Nullable Boolean wholeHosts,
    @Schema(description = "Most for one applicant in per cent of all; 100 by default.")
        @Nullable Integer applicantCapPct,
    @Schema(description = "Least share for regional applicants in per cent; 0 by default.")
        @Nullable Integer regionalMinPct,
    @Schema(description = "Fewest reviews of an application that is awarded; 1 by default.")
        @Nullable Integer minReviews,
    @Schema(description = "Points beside the normalised scores; none by default.")
        @Nullable Weights weights,
    @Schema(description = "Days to accept an award; 14 by default.") @Nullable Integer acceptDays,
    @Schema(description = "Least use in per cent of the GPU time; 0, the default, asks for none.")
        @Nullable Integer minUsePct,
    @Schema(description = "Days over which use is measured; 14 by default.")
        @Nullable Integer useWindowDays,
    @Schema(description = "Days from the notice to the claw-back; 7 by default.")
        @Nullable Integer noticeDays) {
  private static final int MOST_POINTS = 100;
  private static final int MOST_DAYS = 365;
  private static final int MOST_MODELS = 20;

  /** Points added to a normalised score, whose middle is 50. */
  @Schema(name = "GrantWeights")
  record Weights(
      @Nullable Integer regional,
      @Nullable Map<String, Integer> category,
      @Schema(description = "Taken away for each better application of the same applicant.")
          @Nullable Integer repeated) {}

  /** Fails with VALIDATION_FAILED naming every field that is wrong. */
  GrantCallTerms terms(Instant now) {
    var violations = new Violations();
    if (slug == null || Slugs.tenantRefusal(slug).isPresent()) {
      violations.add("/slug", "expected 3 to 40 lower-case letters, digits and single hyphens");
    }
    if (name == null || !Texts.isPrintable(name, 120)) {
      violations.add("/name", "expected 1 to 120 printable characters");
    }
    checkTimes(now, violations);
    int share = within("/customerSharePct", customerSharePct, -1, 0, 100, violations);
    Map<String, Integer> models = checkPools(violations);
    Map<String, Integer> categories = checkCategories("/categoryGpus", categoryGpus, violations);
    checkShares(categories, violations);
    CallRules rules =
        new CallRules(
            models,
            categories,
            wholeHosts == null || wholeHosts,
            within("/applicantCapPct", applicantCapPct, 100, 1, 100, violations),
            within("/regionalMinPct", regionalMinPct, 0, 0, 100, violations),
            within("/minReviews", minReviews, 1, 1, 100, violations),
            weights(violations));
    int acceptance = within("/acceptDays", acceptDays, 14, 1, MOST_DAYS, violations);
    int use = within("/minUsePct", minUsePct, 0, 0, 100, violations);
    int useDays = within("/useWindowDays", useWindowDays, 14, 1, MOST_DAYS, violations);
    int notice = within("/noticeDays", noticeDays, 7, 1, MOST_DAYS, violations);
    Refusals.throwIfAny(violations);
    return new GrantCallTerms(
        Objects.requireNonNull(slug),
        Objects.requireNonNull(name),
        Objects.requireNonNull(applyUntil),
        Objects.requireNonNull(windowStart),
        Objects.requireNonNull(windowEnd),
        share,
        acceptance,
        use,
        useDays,
        notice,
        rules);
  }

  private void checkTimes(Instant now, Violations violations) {
    if (applyUntil == null || !applyUntil.isAfter(now)) {
      violations.add("/applyUntil", "expected an instant to come");
    }
    if (windowStart == null) {
      violations.add("/windowStart", "is required");
    }
    if (windowEnd == null || (windowStart != null && !windowEnd.isAfter(windowStart))) {
      violations.add("/windowEnd", "expected an instant after windowStart");
    } else if (applyUntil != null && !applyUntil.isBefore(windowEnd)) {
      violations.add("/applyUntil", "expected an instant before windowEnd");
    }
  }

  /** A maximum above all pools holds back nobody and is a slip. */
  private void checkShares(Map<String, Integer> categories, Violations violations) {
    if (pools == null || pools.isEmpty()) {
      return;
    }
    long all = pools.values().stream().filter(Objects::nonNull).mapToLong(Integer::longValue).sum();
    categories.forEach(
        (name, gpus) -> {
          if (gpus > all) {
            violations.add(
                "/categoryGpus/" + Pointers.escape(name),
                "expected 0 to the %d GPUs of all pools".formatted(all));
          }
        });
  }

  private Map<String, Integer> checkPools(Violations violations) {
    if (pools == null || pools.isEmpty() || pools.size() > MOST_MODELS) {
      violations.add("/pools", "expected 1 to " + MOST_MODELS + " GPU models");
      return Map.of();
    }
    boolean whole = wholeHosts == null || wholeHosts;
    pools.forEach(
        (model, gpus) -> {
          String at = "/pools/" + Pointers.escape(model);
          QuotaRules.modelRefusal(model).ifPresent(why -> violations.add(at, why));
          if (gpus == null || gpus < 1 || gpus > QuotaRules.MAX_LIMIT_GPUS) {
            violations.add(at, "expected 1 to " + QuotaRules.MAX_LIMIT_GPUS + " GPUs");
          } else if (whole && gpus % CallRules.HOST_GPUS != 0) {
            violations.add(at, "expected whole hosts of " + CallRules.HOST_GPUS + " GPUs");
          }
        });
    return violations.isEmpty() ? pools : Map.of();
  }

  private CallRules.Weights weights(Violations violations) {
    if (weights == null) {
      return CallRules.Weights.none();
    }
    Map<String, Integer> category =
        checkCategories("/weights/category", weights.category(), violations);
    category.forEach(
        (name, points) ->
            within("/weights/category/" + name, points, 0, 0, MOST_POINTS, violations));
    return new CallRules.Weights(
        within("/weights/regional", weights.regional(), 0, 0, MOST_POINTS, violations),
        category,
        within("/weights/repeated", weights.repeated(), 0, 0, MOST_POINTS, violations));
  }

  private static Map<String, Integer> checkCategories(
      String at, @Nullable Map<String, Integer> given, Violations violations) {
    if (given == null) {
      return Map.of();
    }
    boolean fine = true;
    for (Map.Entry<String, Integer> entry : given.entrySet()) {
      boolean known =
          Arrays.stream(Segment.values()).anyMatch(s -> s.name().equals(entry.getKey()));
      if (!known || entry.getValue() == null || entry.getValue() < 0) {
        violations.add(
            at + "/" + Pointers.escape(entry.getKey()),
            "expected a number from 0 for one of " + Arrays.toString(Segment.values()));
        fine = false;
      }
    }
    return fine ? given : Map.of();
  }

  /** The number, or the default when it was not sent; a default below the range is none. */
  private static int within(
      String at, @Nullable Integer value, int otherwise, int from, int to, Violations violations) {
    int number = value == null ? otherwise : value;
    if (number < from || number > to) {
      violations.add(at, "expected %d to %d".formatted(from, to));
    }
    return number;
  }
}
