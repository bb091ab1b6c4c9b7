package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.placement.engine.ClusterShape;
import dev.gpucloud.inventory.placement.engine.Level;
import dev.gpucloud.inventory.placement.engine.Rule;
import dev.gpucloud.inventory.placement.engine.Shape;
import dev.gpucloud.inventory.placement.engine.Strength;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the hosts of a cluster stand to each other: all within one domain of a level, or spread over
 * several. A rule that is PREFERRED is kept if it can be.
 */
public record TopologyRequest(
    @Nullable @Size(max = 5, message = "names each level at most once")
        List<@NotNull @Valid WithinRequest> within,
    @Nullable @Valid SpreadRequest spread,
    @Nullable Boolean onePerHost) {
  static final TopologyRequest ANYWHERE = new TopologyRequest(null, null, null);

  /** All instances within one domain of the level. */
  public record WithinRequest(
      @Schema(examples = "FABRIC") @NotNull(message = "must name a level") Level level,
      @NotNull(message = "must be REQUIRED or PREFERRED") Strength strength) {}

  /** Not more than so many in one rack, fabric or hall, or over at least so many of them. */
  public record SpreadRequest(
      @Schema(examples = "RACK") @NotNull(message = "must be RACK, FABRIC or HALL") Level over,
      @NotNull(message = "must be REQUIRED or PREFERRED") Strength strength,
      @Nullable @Min(value = 1, message = "must be at least 1") Integer maxPerDomain,
      @Nullable @Min(value = 1, message = "must be at least 1") Integer minDomains) {}

  /** The engine's description; what contradicts itself is refused with its pointer. */
  ClusterShape shape(Shape each, int instances, int spares, int gpusOfHost) {
    boolean alone = Boolean.TRUE.equals(onePerHost) || spares > 0 || each.gpus() == gpusOfHost;
    if (spares > 0 && Boolean.FALSE.equals(onePerHost)) {
      throw ProblemType.UNPROCESSABLE
          .because("Spares are hosts of their own, so no two instances may share a host.")
          .at("/topology/onePerHost", "must be true with spares, or be left out");
    }
    return new ClusterShape(each, instances, spares, alone, rules(), spreading(instances));
  }

  List<WithinRequest> withinOrNone() {
    return within == null ? List.of() : within;
  }

  /** The narrowest level that is REQUIRED; a cluster is at one site in any case. */
  Level required() {
    return withinOrNone().stream()
        .filter(rule -> rule.strength() == Strength.REQUIRED)
        .map(WithinRequest::level)
        .min(Comparator.naturalOrder())
        .orElse(Level.SITE);
  }

  private List<Rule.Within> rules() {
    if (within == null) {
      return List.of();
    }
    Set<Level> seen = new HashSet<>();
    for (int n = 0; n < within.size(); n++) {
      if (!seen.add(within.get(n).level())) {
        throw ProblemType.UNPROCESSABLE
            .because("A level can be named once.")
            .at("/topology/within/" + n + "/level", "is named before");
      }
    }
    return within.stream().map(rule -> new Rule.Within(rule.level(), rule.strength())).toList();
  }

  private Rule.@Nullable Spread spreading(int instances) {
    if (spread == null) {
      return null;
    }
    if (spread.over() == Level.NVLINK_DOMAIN || spread.over() == Level.SITE) {
      throw ProblemType.UNPROCESSABLE
          .because("A cluster is spread over racks, fabrics or halls.")
          .at("/topology/spread/over", "must be RACK, FABRIC or HALL");
    }
    if (spread.maxPerDomain() == null && spread.minDomains() == null) {
      throw ProblemType.UNPROCESSABLE
          .because("A spread says how many may stand together, or over how many it goes.")
          .at("/topology/spread", "needs maxPerDomain or minDomains");
    }
    int domains = spread.minDomains() == null ? 1 : spread.minDomains();
    if (domains > instances) {
      throw ProblemType.UNPROCESSABLE
          .because("There are fewer instances than domains to spread them over.")
          .at("/topology/spread/minDomains", "must be at most " + instances);
    }
    int most = spread.maxPerDomain() == null ? Integer.MAX_VALUE : spread.maxPerDomain();
    return new Rule.Spread(spread.over(), spread.strength(), most, domains);
  }
}
