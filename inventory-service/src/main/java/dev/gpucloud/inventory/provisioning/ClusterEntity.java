package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.id.ClusterId;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The row of a cluster; written by the allocation writer, ended when its deletion is asked for. */
@Entity
@Table(name = "cluster")
public class ClusterEntity {
  @Id UUID id;
  UUID tenantId;
  UUID projectId;
  String name;
  String state;
  String instanceType;
  int instances;
  int spares;
  String topology;
  @Nullable String requestedSite;
  String siteId;
  String level;
  String domain;
  String unmet;
  String createdBy;
  Instant createdAt;
  Instant updatedAt;
  long version;

  protected ClusterEntity() {}

  ClusterId id() {
    return new ClusterId(id);
  }

  void delete(Instant now) {
    state = "DELETED";
    updatedAt = now;
    version++;
  }
}
