package dev.gpucloud.inventory.placement.engine.share;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The policies by name, in the order of tables: the six of Weng et al., then our default. */
public enum SharePolicyKind {
  RANDOM,
  DOT_PRODUCT,
  GPU_CLUSTERING,
  GPU_PACKING,
  BEST_FIT,
  FGD,
  REACH;

  /** What is used unless another is asked for. */
  public static final SharePolicyKind DEFAULT = REACH;

  /** The name in commands and tables, such as {@code best-fit}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<SharePolicyKind> labelled(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label().equals(label)).findFirst();
  }

  /**
   * A policy for one fleet and one run. {@code expected} is the demand that the policy may know, as
   * requests of which each is as likely as the other.
   */
  public SharePolicy create(
      ShareFleet fleet, Collection<ShareRequest> expected, RandomGenerator random) {
    return switch (this) {
      case RANDOM -> new RandomPolicy(random);
      case DOT_PRODUCT -> new DotProductPolicy();
      case GPU_CLUSTERING -> new GpuClusteringPolicy();
      case GPU_PACKING -> new GpuPackingPolicy();
      case BEST_FIT -> new BestFitPolicy();
      case FGD -> new FragmentationPolicy(fleet, ShareDemand.ignoringMemory(expected));
      case REACH -> new ReachPolicy(fleet, ShareDemand.atMost(ReachPolicy.MOST_SHAPES, expected));
    };
  }
}
