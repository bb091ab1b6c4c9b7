package dev.gpucloud.gateway.events.engine;

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
  private static final Set<Role> PAYING = Set.of(Role.OWNER, Role.BILLING_VIEWER);
  private static final Map<String, Set<Role>> HEARD_BY =
      Map.ofEntries(
          Map.entry("tenant", ANY),
          Map.entry("project", ANY),
          Map.entry("quota", ANY),
          Map.entry("budget", ANY),
          Map.entry("instance", WORKING),
          Map.entry("membership", WORKING),
          Map.entry("grant", PAYING),
          Map.entry("credit", PAYING),
          Map.entry("invoice", PAYING),
          Map.entry("invoice-note", PAYING),
          Map.entry("invoice-part", PAYING),
          Map.entry("invoice-part-note", PAYING),
          Map.entry("spend-budget", PAYING),
          Map.entry("api-key", Set.of(Role.OWNER)));

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
}
