package dev.gpucloud.kit.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gpucloud.kit.config.KitConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for a moment where a caller may act, so that a burst of requests costs one look at the
 * projections. Refusals are not remembered. A change that this replica has applied acts at once; on
 * another replica the time to live bounds how long a revocation takes.
 */
@ApplicationScoped
public class ScopeCache {
  /**
   * The parts of a request that decide: who, and the tenant or project as the path has it; a
   * project beside a tenant is one of that tenant's.
   */
  record Key(Actor actor, @Nullable String tenant, @Nullable String project) {
    /** By hand: a record's own methods stay slow until the second compiler has them. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key
          && actor.subject().equals(key.actor.subject())
          && Objects.equals(tenant, key.tenant)
          && Objects.equals(project, key.project)
          && Objects.equals(actor.key(), key.actor.key());
    }

    @Override
    public int hashCode() {
      return 31 * (31 * actor.subject().hashCode() + Objects.hashCode(tenant))
          + Objects.hashCode(project);
    }
  }

  /** What was found by a look that began in a generation, and holds in no later one. */
  private record Found(TenantScope scope, long generation) {}

  private final Cache<Key, Found> scopes;
  private final AtomicLong generation = new AtomicLong();

  ScopeCache(KitConfig config) {
    Duration ttl = config.access().cacheTtl();
    this.scopes =
        Caffeine.newBuilder()
            .maximumSize(config.access().cacheSize())
            .expireAfterWrite(ttl)
            .build();
  }

  /** What is remembered. */
  @Nullable TenantScope find(Key key) {
    long now = generation.get();
    Found known = scopes.getIfPresent(key);
    return known != null && known.generation() == now ? known.scope() : null;
  }

  /** What the lookup finds, which is remembered. */
  Uni<TenantScope> look(Key key, Supplier<Uni<TenantScope>> lookup) {
    long now = generation.get();
    return lookup.get().invoke(scope -> scopes.put(key, new Found(scope, now)));
  }

  /**
   * Something changed: nothing remembered may hold any more, nor what a look finds that is under
   * way.
   */
  public void forget() {
    generation.incrementAndGet();
    scopes.invalidateAll();
  }
}
