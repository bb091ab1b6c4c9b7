package dev.gpucloud.gateway.events.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a listener may hear: all of it, or what their roles at tenants and projects open. What no
 * role is named for is heard by platform admins alone.
 */
public record Scope(boolean everything, Map<String, Reach> tenants, @Nullable KeyLimit key) {
  private static final Set<Role> ANY = Set.of(Role.values());
  private static final Set<Role> WORKING = Set.of(Role.OWNER, Role.OPERATOR, Role.VIEWER);
  private static final Map<String, Set<Role>> HEARD_BY =
      Map.of(
          "tenant", ANY,
          "project", ANY,
          "quota", ANY,
          "budget", ANY,
          "instance", WORKING,
          "membership", WORKING,
          "grant", Set.of(Role.OWNER, Role.BILLING_VIEWER),
          "credit", Set.of(Role.OWNER, Role.BILLING_VIEWER),
          "invoice", Set.of(Role.OWNER, Role.BILLING_VIEWER),
          "api-key", Set.of(Role.OWNER));

  public Scope {
    tenants = Map.copyOf(tenants);
  }

  /** Nothing, until it is known who listens. */
  public static Scope nothing() {
    return new Scope(false, Map.of(), null);
  }

  /** Whether an event of this type, tenant and, if it is of one, project may be heard. */
  public boolean hears(String type, String tenant, @Nullable String project) {
    if (everything) {
      return true;
    }
    @Nullable Reach reach = tenants.get(tenant);
    if (reach == null || (key != null && !key.tenant().equals(tenant))) {
      return false;
    }
    int dot = type.indexOf('.');
    Set<Role> needed = HEARD_BY.getOrDefault(dot < 0 ? type : type.substring(0, dot), Set.of());
    return reach.at(project, key).stream().anyMatch(needed::contains);
  }

  /** The same after somebody's roles at a tenant became these. */
  public Scope with(String tenant, Reach reach) {
    Map<String, Reach> changed = new HashMap<>(tenants);
    if (reach.isNothing()) {
      changed.remove(tenant);
    } else {
      changed.put(tenant, reach);
    }
    return new Scope(everything, changed, key);
  }
}
