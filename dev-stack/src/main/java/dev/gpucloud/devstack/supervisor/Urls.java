package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.keycloak.RealmFile;
import dev.gpucloud.devstack.layout.Ports;
import java.util.LinkedHashMap;
import java.util.Map;

/** The HTTP addresses of a stack by name. */
public final class Urls {
  private Urls() {}

  public static Map<String, String> of(Ports ports) {
    Map<String, String> urls = new LinkedHashMap<>();
    urls.put("gateway", at(ports.gateway()));
    urls.put("tenant-service", at(ports.tenantService()));
    urls.put("inventory-service", at(ports.inventoryService()));
    urls.put("billing-service", at(ports.billingService()));
    urls.put("site-agent", at(ports.siteAgent()));
    urls.put("keycloak", at(ports.keycloak()));
    urls.put("issuer", at(ports.keycloak()) + "/realms/" + RealmFile.REALM);
    urls.put("control", at(ports.control()));
    return urls;
  }

  private static String at(int port) {
    return "http://127.0.0.1:" + port;
  }
}
