package dev.gpucloud.inventory.placement;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready before the pools are loaded: a refusal for want of room must be true. */
@Readiness
@ApplicationScoped
class PoolsReadiness implements HealthCheck {
  private final Pools pools;

  PoolsReadiness(Pools pools) {
    this.pools = pools;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("pools").status(pools.isReady()).build();
  }
}
