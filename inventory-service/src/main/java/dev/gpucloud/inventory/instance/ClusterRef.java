package dev.gpucloud.inventory.instance;

import dev.gpucloud.contracts.id.ClusterId;

/** The cluster that an instance belongs to, and as what. */
public record ClusterRef(ClusterId id, Role role) {
  /** A member does the work; a spare is held ready to take the place of one. */
  public enum Role {
    MEMBER,
    SPARE
  }
}
