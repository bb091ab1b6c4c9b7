package dev.gpucloud.gateway.events.engine;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/** What somebody is at a tenant or project, as far as events are concerned. */
public enum Role {
  OWNER,
  OPERATOR,
  VIEWER,
  BILLING_VIEWER;

  /** Reads names; one that is not known opens nothing. */
  public static Set<Role> of(Collection<String> names) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (Role role : values()) {
      if (names.contains(role.name())) {
        roles.add(role);
      }
    }
    return roles;
  }

  /** These roles and those whose every right they have. */
  static Set<Role> covered(Set<Role> roles) {
    Set<Role> all = EnumSet.noneOf(Role.class);
    all.addAll(roles);
    if (roles.contains(OWNER)) {
      all.addAll(EnumSet.allOf(Role.class));
    }
    if (roles.contains(OPERATOR)) {
      all.add(VIEWER);
    }
    return all;
  }
}
