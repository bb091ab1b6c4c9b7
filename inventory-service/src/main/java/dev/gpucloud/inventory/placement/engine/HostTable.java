package dev.gpucloud.inventory.placement.engine;

import dev.gpucloud.contracts.id.HostId;
import java.util.UUID;

/** From the id of a host to its place, with no object per entry. Built once, never changed. */
final class HostTable {
  private final HostId[] ids;
  private final int[] places;
  private final int mask;

  /** Throws {@link IllegalArgumentException} when an id is there twice. */
  HostTable(HostId[] ids) {
    this.ids = ids;
    this.places = new int[Math.max(4, Integer.highestOneBit(ids.length) << 2)];
    this.mask = places.length - 1;
    for (int at = 0; at < ids.length; at++) {
      put(at);
    }
  }

  private void put(int at) {
    int cell = cell(ids[at]);
    while (places[cell] != 0) {
      if (ids[places[cell] - 1].equals(ids[at])) {
        throw new IllegalArgumentException("host " + ids[at] + " is there twice");
      }
      cell = cell + 1 & mask;
    }
    places[cell] = at + 1;
  }

  /** The place of a host, or -1. */
  int find(HostId id) {
    int cell = cell(id);
    while (places[cell] != 0) {
      int at = places[cell] - 1;
      if (ids[at] == id || ids[at].equals(id)) {
        return at;
      }
      cell = cell + 1 & mask;
    }
    return -1;
  }

  private int cell(HostId id) {
    UUID value = id.value();
    long bits = value.getMostSignificantBits() ^ value.getLeastSignificantBits();
    return (int) (bits * 0x9E3779B97F4A7C15L >>> 32) & mask;
  }
}
