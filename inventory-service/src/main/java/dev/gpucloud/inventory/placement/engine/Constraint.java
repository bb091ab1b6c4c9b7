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
  /** Its site is dedicated to another tenant. */
  DEDICATION,
  /** Its site is in a country that the tenant's residency rules out. */
  COUNTRY,
  /** Its site is in a lower CSAP zone than the tenant needs. */
  CSAP_ZONE,
  /** It takes nothing new: cordoned, in maintenance or quarantined. */
  HOST_STATE,
  /** Even empty it could not take this. */
  HOST_SIZE,
  /** Too few GPUs, or no slice at a position the profile may take, are free. */
  GPUS,
  /** Too few processors are free. */
  VCPUS,
  /** Too little memory is free. */
  MEMORY
}
