package dev.gpucloud.inventory.catalogue;

import dev.gpucloud.inventory.instance.OfferedShape;
import dev.gpucloud.inventory.placement.engine.GpuGeometry;
import dev.gpucloud.inventory.placement.engine.Shape;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A sold shape. Written by the fleet import alone. */
@Entity
@Immutable
@Table(name = "instance_type")
public class InstanceTypeEntity {
  @Id String id;
  String modelId;
  int gpus;
  @Nullable String migProfile;
  int vcpus;
  int memoryGib;
  long version;

  protected InstanceTypeEntity() {}

  OfferedShape shape(GpuGeometry geometry) {
    Shape shape =
        migProfile == null
            ? Shape.wholeGpus(gpus, vcpus, memoryGib)
            : Shape.slice(geometry.profile(migProfile).orElseThrow(), vcpus, memoryGib);
    return new OfferedShape(id, modelId, shape);
  }
}
