package dev.gpucloud.inventory.placement;

/**
 * An instance of the project has the name that an instance of a new cluster would get. Others of
 * the cluster may be inserted by then, so the whole transaction is given up.
 */
final class ClusterNameTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClusterNameTakenException(String cluster) {
    super("an instance has a name of cluster " + cluster);
  }
}
