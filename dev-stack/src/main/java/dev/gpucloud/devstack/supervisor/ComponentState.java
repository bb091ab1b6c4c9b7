package dev.gpucloud.devstack.supervisor;

/** Where a component is in its life. */
enum ComponentState {
  WAITING,
  STARTING,
  READY,
  RESTARTING,
  STOPPING,
  STOPPED,
  FAILED
}
