package dev.gpucloud.devstack.layout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The ports on which the parts of one stack listen, all on 127.0.0.1. */
public record Ports(
    int gateway,
    int tenantService,
    int inventoryService,
    int billingService,
    int siteAgent,
    int keycloak,
    int keycloakManagement,
    int postgresql,
    int kafka,
    int kafkaController,
    int mail,
    int control) {
  private static final int COUNT = 12;

  /** The default ports, each moved up by the offset. */
  public static Ports withOffset(int offset) {
    if (offset < 0 || offset > 65535 - 8443) {
      throw new StackProblem(
          StackProblem.USAGE,
          "GPUCLOUD_PORT_OFFSET must be between 0 and 57092, not " + offset + ".");
    }
    return new Ports(
        8080 + offset,
        8081 + offset,
        8082 + offset,
        8083 + offset,
        8084 + offset,
        8085 + offset,
        8086 + offset,
        8432 + offset,
        8092 + offset,
        8093 + offset,
        8087 + offset,
        8079 + offset);
  }

  /**
   * Ports that nobody listens on now, below the range from which outgoing connections take theirs.
   */
  public static Ports free() {
    List<Integer> found = new ArrayList<>();
    while (found.size() < COUNT) {
      int candidate = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      if (!found.contains(candidate) && isFree(candidate)) {
        found.add(candidate);
      }
    }
    return new Ports(
        found.get(0),
        found.get(1),
        found.get(2),
        found.get(3),
        found.get(4),
        found.get(5),
        found.get(6),
        found.get(7),
        found.get(8),
        found.get(9),
        found.get(10),
        found.get(11));
  }

  /** Every port under the name of the part that uses it. */
  public Map<String, Integer> byName() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    ports.put("supervisor", control);
    ports.put("gateway", gateway);
    ports.put("tenant-service", tenantService);
    ports.put("inventory-service", inventoryService);
    ports.put("billing-service", billingService);
    ports.put("site-agent", siteAgent);
    ports.put("keycloak", keycloak);
    ports.put("keycloak management", keycloakManagement);
    ports.put("kafka", kafka);
    ports.put("kafka controller", kafkaController);
    ports.put("postgresql", postgresql);
    ports.put("mail", mail);
    return ports;
  }

  /** Whether somebody could listen on this port of the loopback address now. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
