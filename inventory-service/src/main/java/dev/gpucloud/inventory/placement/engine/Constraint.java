package dev.gpucloud.inventory.placement.engine;

/**
 * Why a host cannot take an instance, in the order in which the reasons are tried. A host is
 * counted under the first one that removes it.
 */
public enum Constraint {
  /** Its GPUs are of another model. */
  MODEL,
  /** It stands at another site than the one asked for. */
  SITE,
  /** It stands in another region than the one asked for. */
  REGION,
  /** Its site is dedicated to another tenant. */
  DEDICATION,
  /** Its site is in a country that the tenant's residency rules out. */
  COUNTRY,
  /** Its site is in a lower CSAP zone than the tenant needs. */
  CSAP_ZONE,
  /** It stands outside the domain that the instance's cluster must stay in. */
  CLUSTER_DOMAIN,
  /** It takes nothing new: cordoned, in maintenance or quarantined. */
  HOST_STATE,
  /** Even empty it could not take this. */
  HOST_SIZE,
  /** Even empty its NVLink domain could not take the cluster. */
  NVLINK_DOMAIN_SIZE,
  /** Even empty its rack could not take the cluster. */
  RACK_SIZE,
  /** Even empty its fabric could not take the cluster. */
  FABRIC_SIZE,
  /** Even empty its hall could not take the cluster. */
  HALL_SIZE,
  /** Even empty its site could not take the cluster. */
  SITE_SIZE,
  /** It is dedicated to another tenant, or shared when a dedicated one is asked for. */
  DEDICATED_HOST,
  /** It is one of the hosts to be avoided, or too near to the group to stand apart from. */
  ANTI_AFFINITY,
  /** Too few GPUs, or no slice at a position the profile may take, are free. */
  GPUS,
  /** Too few processors are free. */
  VCPUS,
  /** Too little memory is free. */
  MEMORY,
  /** It could take an instance, but its NVLink domain not the whole cluster. */
  NVLINK_DOMAIN_ROOM,
  /** It could take an instance, but its rack not the whole cluster. */
  RACK_ROOM,
  /** It could take an instance, but its fabric not the whole cluster. */
  FABRIC_ROOM,
  /** It could take an instance, but its hall not the whole cluster. */
  HALL_ROOM,
  /** It could take an instance, but its site not the whole cluster. */
  SITE_ROOM,
  /** Its domain has the room, but not spread as required. */
  SPREAD;

  private static final int SIZES = NVLINK_DOMAIN_SIZE.ordinal();
  private static final int ROOMS = NVLINK_DOMAIN_ROOM.ordinal();

  /** The domain of a level is too small whatever is free. */
  static Constraint size(Level level) {
    return values()[SIZES + level.ordinal()];
  }

  /** The domain of a level has too little free. */
  static Constraint room(Level level) {
    return values()[ROOMS + level.ordinal()];
  }
}
