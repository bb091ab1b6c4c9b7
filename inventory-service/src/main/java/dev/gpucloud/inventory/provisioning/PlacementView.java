package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.inventory.instance.ClusterDraft;
import dev.gpucloud.inventory.instance.ClusterRows;
import dev.gpucloud.inventory.placement.Placement.ClusterPreview;
import java.util.List;

/** Where a cluster, or one instance, would be placed now, and how close together. */
public record PlacementView(
    boolean fits,
    String instanceType,
    int instances,
    int spares,
    String site,
    String level,
    String domain,
    int hosts,
    List<String> unmetPreferences) {

  static PlacementView of(ClusterDraft draft, ClusterPreview preview) {
    return new PlacementView(
        true,
        draft.type().id(),
        draft.instances(),
        draft.spares(),
        preview.site(),
        preview.placement().level().name(),
        preview.placement().domain(),
        (int) preview.placement().slots().stream().map(slot -> slot.host()).distinct().count(),
        ClusterRows.unmet(preview.placement()));
  }
}
