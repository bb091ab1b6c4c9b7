package dev.gpucloud.inventory.instance;

import dev.gpucloud.inventory.placement.engine.MigProfile;
import dev.gpucloud.inventory.placement.engine.Shape;
import org.jspecify.annotations.Nullable;

/** An instance type with what it takes from a host. */
public record OfferedShape(String id, String model, Shape shape) {
  public @Nullable String migProfile() {
    MigProfile profile = shape.profile();
    return profile == null ? null : profile.name();
  }
}
