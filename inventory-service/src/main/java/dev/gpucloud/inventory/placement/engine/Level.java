package dev.gpucloud.inventory.placement.engine;

/**
 * Where hosts stand together, from narrow to wide; each domain of a level lies inside one domain of
 * the next. A pool is one {@link #SITE}.
 */
public enum Level {
  /** GPUs joined by NVLink: one host, or the hosts of a rack such as NVL72. */
  NVLINK_DOMAIN,
  RACK,
  /** One InfiniBand fabric. */
  FABRIC,
  HALL,
  SITE;

  boolean isWiderThan(Level other) {
    return compareTo(other) > 0;
  }
}
