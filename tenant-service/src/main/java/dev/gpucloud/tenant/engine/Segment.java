package dev.gpucloud.tenant.engine;

/** The kind of customer an EXTERNAL tenant is; prices depend on it. */
public enum Segment {
  ENTERPRISE,
  STARTUP,
  ACADEMIA,
  RESEARCH,
  GOVERNMENT
}
