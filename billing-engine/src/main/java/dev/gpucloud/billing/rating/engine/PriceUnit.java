package dev.gpucloud.billing.rating.engine;

/** What an hourly price is per. */
public enum PriceUnit {
  GPU_HOUR,
  INSTANCE_HOUR
}
