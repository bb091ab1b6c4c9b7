package dev.gpucloud.tenant.tenants;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.tenant.engine.TenantTree;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Draws the tree of tenants from their rows. */
public final class TenantTrees {
  private TenantTrees() {}

  /** The tree of all rows; the parent of each is among them. */
  public static TenantTree of(Collection<TenantEntity> tenants) {
    Map<UUID, String> slugs = new HashMap<>();
    tenants.forEach(tenant -> slugs.put(tenant.uuid(), tenant.slug()));
    Map<String, TenantTree.Node> nodes = new HashMap<>();
    for (TenantEntity tenant : tenants) {
      TenantId parent = tenant.parent();
      String parentSlug = parent == null ? null : slugs.get(parent.value());
      nodes.put(tenant.slug(), new TenantTree.Node(tenant.kind(), parentSlug));
    }
    return new TenantTree(nodes);
  }
}
