package dev.gpucloud.gateway.limits;

import dev.gpucloud.gateway.limits.engine.Allowance;
import dev.gpucloud.gateway.limits.engine.Bucket;
import dev.gpucloud.gateway.limits.shared.Sharing;
import jakarta.inject.Singleton;

/**
 * Puts off an address that sends wrong tokens or keys again and again, before anything is verified
 * for it. What is known to be good goes on, so neighbours behind one address do.
 */
@Singleton
public class WrongCredentials {
  private static final String LIMIT = "wrong-credentials";
  private final Buckets buckets;

  WrongCredentials(LimitsConfig config, Sharing sharing) {
    this.buckets = new Buckets(LIMIT, config.wrongCredentialsPerAddress(), config, sharing);
  }

  /** Throws a problem when the address has sent too many. */
  public void requirePatience(String address) {
    Bucket bucket = buckets.of(AddressBlock.of(address)).bucket();
    long now = System.nanoTime();
    if (!bucket.hasToken(now)) {
      throw LimitProblem.tooMany(LIMIT, Allowance.seconds(bucket.nanosUntilToken(now)));
    }
  }

  /** A token or key that the address sent is wrong. */
  public void failed(String address) {
    buckets.of(AddressBlock.of(address)).bucket().tryTake(System.nanoTime());
  }

  /** Forgets who sent wrong ones. */
  public void pardon() {
    buckets.forget();
  }
}
