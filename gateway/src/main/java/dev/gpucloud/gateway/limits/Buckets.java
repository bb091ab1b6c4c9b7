package dev.gpucloud.gateway.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gpucloud.gateway.limits.engine.Allowance;
import dev.gpucloud.gateway.limits.engine.Bucket;
import dev.gpucloud.gateway.limits.engine.Limit;
import dev.gpucloud.gateway.limits.shared.Sharing;
import java.time.Duration;

/**
 * The buckets of one limit, one for each of those it holds for. A bucket that rested for a window
 * is full, and so is forgotten without loss.
 */
final class Buckets {
  private final String name;
  private final Allowance allowance;
  private final Sharing sharing;
  private final Cache<String, Bucket> buckets;

  Buckets(String name, int requests, LimitsConfig config, Sharing sharing) {
    this.name = name;
    this.allowance = new Allowance(requests, config.window());
    this.sharing = sharing;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(config.remembered())
            .expireAfterAccess(config.window().plus(Duration.ofSeconds(1)))
            .build();
  }

  Limit of(String whose) {
    return new Limit(name, buckets.get(whose, first -> sharing.bucket(name, first, allowance)));
  }

  void forget() {
    buckets.invalidateAll();
  }
}
