package dev.gpucloud.inventory.catalogue;

import dev.gpucloud.inventory.placement.engine.GpuGeometry;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A GPU model as the catalogue knows it. Written by the fleet import alone. */
@Entity
@Immutable
@Table(name = "gpu_model")
public class GpuModelEntity {
  @Id String id;
  String vendor;
  String name;
  int memoryGib;

  @Column(name = "board_power_w")
  int boardPowerW;

  int memorySlices;
  String migProfiles;
  int nvlinkDomainGpus;
  @Nullable Integer hostVcpus;
  @Nullable Integer hostMemoryGib;
  long version;

  protected GpuModelEntity() {}

  public String id() {
    return id;
  }

  List<String> profiles() {
    return migProfiles.isEmpty() ? List.of() : List.of(migProfiles.split(","));
  }

  GpuGeometry geometry() {
    return GpuGeometry.of(memorySlices, profiles());
  }
}
