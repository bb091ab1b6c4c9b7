package dev.gpucloud.inventory.placement.engine.share;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Places requests one by one as a policy says, each at once or never; what has room somewhere is
 * never refused. Scores are kept per shape until their host changes, so that a decision costs a
 * look at each host. Not safe for several threads.
 */
public final class SharePacker {
  /** Shapes whose scores are kept; beyond it those not asked for longest are computed anew. */
  private static final int KEPT_SHAPES = 1024;

  private final ShareFleet fleet;
  private final SharePolicy policy;
  private final Map<ShareRequest, Scores> kept =
      new LinkedHashMap<>(KEPT_SHAPES, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ShareRequest, Scores> eldest) {
          return size() > KEPT_SHAPES;
        }
      };

  public SharePacker(ShareFleet fleet, SharePolicy policy) {
    this.fleet = fleet;
    this.policy = policy;
  }

  /** Gives the request its room, or nothing when no host has room for it. */
  public Optional<SharePlacement> place(ShareRequest request) {
    Scores scores = kept.computeIfAbsent(request, this::scoresOf);
    int host =
        switch (policy) {
          case RandomPolicy any -> anyOf(scores, request, any);
          case ScoredPolicy scored -> bestOf(scores, request, scored);
        };
    if (host < 0) {
      return Optional.empty();
    }
    return Optional.of(new SharePlacement(host, fleet.take(host, request, gpu(host, request))));
  }

  private Scores scoresOf(ShareRequest request) {
    return new Scores(fleet.allowedModels(request), fleet.size());
  }

  private int gpu(int host, ShareRequest request) {
    if (!request.sharesGpu()) {
      return -1;
    }
    return switch (policy) {
      case RandomPolicy any -> any.gpuFor(fleet, host, request);
      case ScoredPolicy scored -> scored.gpuFor(fleet, host, request);
    };
  }

  private int anyOf(Scores scores, ShareRequest request, RandomPolicy policy) {
    int chosen = -1;
    int seen = 0;
    for (int host = 0; host < fleet.size(); host++) {
      if (scores.allowed(fleet, host)
          && fleet.hasRoom(host, request)
          && policy.random().nextInt(++seen) == 0) {
        chosen = host;
      }
    }
    return chosen;
  }

  private int bestOf(Scores scores, ShareRequest request, ScoredPolicy policy) {
    int chosen = -1;
    double best = Double.NEGATIVE_INFINITY;
    for (int host = 0; host < fleet.size(); host++) {
      double score = scores.of(fleet, host, request, policy);
      if (score > best) {
        best = score;
        chosen = host;
      }
    }
    return chosen;
  }

  /** What one shape scored on each host, and at which version of the host. */
  private static final class Scores {
    private static final int NEVER = -1;

    private final boolean[] allowedModels;
    private final double[] scores;
    private final int[] versions;

    Scores(boolean[] allowedModels, int hosts) {
      this.allowedModels = allowedModels;
      this.scores = new double[hosts];
      this.versions = new int[hosts];
      Arrays.fill(versions, NEVER);
    }

    boolean allowed(ShareFleet fleet, int host) {
      return allowedModels[fleet.model(host)];
    }

    double of(ShareFleet fleet, int host, ShareRequest request, ScoredPolicy policy) {
      int version = fleet.version(host);
      if (versions[host] != version) {
        versions[host] = version;
        scores[host] =
            allowed(fleet, host) && fleet.hasRoom(host, request)
                ? policy.score(fleet, host, request)
                : Double.NEGATIVE_INFINITY;
      }
      return scores[host];
    }
  }
}
