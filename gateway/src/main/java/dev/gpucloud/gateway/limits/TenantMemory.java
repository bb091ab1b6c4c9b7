package dev.gpucloud.gateway.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which tenant a caller's requests to a place are for, learned from what services answered. A place
 * is what the path says: a tenant or project, by id or name. As only a service lets callers in, a
 * stranger who writes a tenant's name into a path uses up nothing of that tenant.
 */
final class TenantMemory {
  private static final String PREFIX = "/api/v1/";
  private static final Duration FOR = Duration.ofMinutes(10);

  /** A caller at a place of the path. */
  record Place(String caller, String path) {

    /** The place that the path names, if it names one. */
    static Optional<Place> of(String caller, String path) {
      if (!path.startsWith("tenants/", PREFIX.length())
          && !path.startsWith("projects/", PREFIX.length())) {
        return Optional.empty();
      }
      int name = path.indexOf('/', PREFIX.length()) + 1;
      int end = path.indexOf('/', name);
      String place = path.substring(PREFIX.length(), end < 0 ? path.length() : end);
      return Optional.of(new Place(caller, place));
    }
  }

  private final Cache<Place, String> tenants;

  TenantMemory(int size) {
    this.tenants = Caffeine.newBuilder().maximumSize(size).expireAfterWrite(FOR).build();
  }

  @Nullable String tenantOf(Place place) {
    return tenants.getIfPresent(place);
  }

  void forget() {
    tenants.invalidateAll();
  }

  /** A service let the caller in there, and to this tenant. */
  void learn(Place place, String tenant) {
    if (!tenant.equals(tenants.getIfPresent(place))) {
      tenants.put(place, tenant);
    }
  }
}
