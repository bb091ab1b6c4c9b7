package dev.gpucloud.gateway;

/** A service behind the gateway; the name is what logs and meters call it. */
enum Upstream {
  TENANT("tenant-service"),
  INVENTORY("inventory-service"),
  BILLING("billing-service");

  private final String serviceName;

  Upstream(String serviceName) {
    this.serviceName = serviceName;
  }

  String serviceName() {
    return serviceName;
  }
}
