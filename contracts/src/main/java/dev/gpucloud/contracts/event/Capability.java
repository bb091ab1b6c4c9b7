package dev.gpucloud.contracts.event;

/** What the driver of a site may provide beside GPUs. */
public enum Capability {
  /** Boots the image that the order names. */
  IMAGE,
  /** Puts public keys into the instance. */
  SSH_KEYS,
  /** Hands user data to the instance's first boot. */
  USER_DATA,
  /** Attaches volumes that outlive a run. */
  VOLUMES,
  /** Gives the instance its private address and keeps its allow-list. */
  PRIVATE_NETWORK,
  /** Makes the instance a member of its tenant's InfiniBand partition. */
  INFINIBAND_PARTITION,
  /** Reports the end of the instance's console. */
  CONSOLE_LOG,
  /** Restarts an instance in place, with other GPUs of its host too. */
  REBOOT
}
