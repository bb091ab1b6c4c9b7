package dev.gpucloud.devstack.client;

import java.util.Map;

/**
 * One service's database: where it is and how the owner (migrations) and the login (requests) get
 * in.
 */
public record ServiceDatabase(
    String host,
    int port,
    String name,
    String loginUser,
    String loginPassword,
    String ownerUser,
    String ownerPassword) {

  /** The JDBC address without credentials. */
  public String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + name;
  }

  /** The environment variables by which a service finds this database. */
  public Map<String, String> environment() {
    return Map.of(
        "GPUCLOUD_DB_HOST", host,
        "GPUCLOUD_DB_PORT", Integer.toString(port),
        "GPUCLOUD_DB_NAME", name,
        "GPUCLOUD_DB_USERNAME", loginUser,
        "GPUCLOUD_DB_PASSWORD", loginPassword,
        "GPUCLOUD_DB_OWNER_USERNAME", ownerUser,
        "GPUCLOUD_DB_OWNER_PASSWORD", ownerPassword);
  }
}
