package dev.gpucloud.tenant.engine;

/** An ARCHIVED project keeps its history and takes nothing new. */
public enum ProjectState {
  ACTIVE,
  ARCHIVED
}
