package dev.gpucloud.inventory.placement.engine;

/**
 * Where a host stands, by opaque names. A rack belongs to one fabric and a fabric to one hall; an
 * NVLink domain lies inside one rack, and the empty name means that the host is one by itself.
 */
public record Location(String hall, String fabric, String rack, String nvlinkDomain) {
  /** Of hosts whose place does not matter: one hall, one fabric, one rack. */
  public static final Location UNKNOWN = new Location("", "", "", "");

  /** The name of its domain at a level; a site is named by its pool. */
  String domain(Level level) {
    return switch (level) {
      case NVLINK_DOMAIN -> nvlinkDomain;
      case RACK -> rack;
      case FABRIC -> fabric;
      case HALL -> hall;
      case SITE -> "";
    };
  }
}
