package dev.gpucloud.testsupport;

import dev.gpucloud.devstack.client.ServiceDatabase;
import dev.gpucloud.devstack.client.SharedStack;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives a {@code @QuarkusTest} its own database and topics on the shared stack, and a key for
 * {@link TestTokens}. Use {@code @QuarkusTestResource(value = ServiceStack.class, initArgs
 * = @ResourceArg(name = "service", value = "tenant"))} with the service's role prefix; all test
 * classes of a module that use the same arguments share one started service.
 */
public class ServiceStack implements QuarkusTestResourceLifecycleManager {
  static final String DATABASE_URL = "testsupport.jdbc-url";
  static final String DATABASE_PASSWORD = "testsupport.jdbc-password";
  static final String DATABASE_USER = "testsupport.jdbc-user";
  static final String KAFKA = "testsupport.kafka.";
  static final String PREFIX = "testsupport.topics-prefix";

  private String service = "";

  @Override
  public void init(Map<String, String> arguments) {
    service = arguments.get("service");
    if (service == null) {
      throw new IllegalArgumentException("ServiceStack needs the argument 'service'");
    }
  }

  @Override
  public Map<String, String> start() {
    SharedStack stack = SharedStack.attach();
    ServiceDatabase database = stack.createServiceDatabase(service);
    String prefix = database.name() + ".";
    Map<String, String> kafka = stack.kafkaAdminConfig();
    TestTopics.create(prefix, kafka, service.equals("inventory"));
    publish(stack, database, prefix, kafka);
    Map<String, String> settings = settings(database, prefix, kafka);
    settings.putAll(service.equals("tenant") ? ownAddress() : ownIssuer());
    return settings;
  }

  /** tenant-service publishes its keys at an address that it must know before it starts. */
  private static Map<String, String> ownAddress() {
    try (ServerSocket free = new ServerSocket(0)) {
      String port = Integer.toString(free.getLocalPort());
      return Map.of(
          "quarkus.http.test-port", port, "gpucloud.tenant.url", "http://127.0.0.1:" + port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> ownIssuer() {
    return Map.of(
        "quarkus.oidc.keys.auth-server-url",
        "",
        "quarkus.oidc.keys.public-key",
        TestTokens.newOwnKey());
  }

  private static Map<String, String> settings(
      ServiceDatabase database, String prefix, Map<String, String> kafka) {
    var settings = new HashMap<String, String>();
    settings.put("gpucloud.db.host", database.host());
    settings.put("gpucloud.db.port", Integer.toString(database.port()));
    settings.put("gpucloud.db.name", database.name());
    settings.put("gpucloud.db.username", database.loginUser());
    settings.put("gpucloud.db.password", database.loginPassword());
    settings.put("gpucloud.db.owner-username", database.ownerUser());
    settings.put("gpucloud.db.owner-password", database.ownerPassword());
    settings.put("gpucloud.topics.prefix", prefix);
    kafka.forEach((name, value) -> settings.put("kafka." + name, value));
    settings.put("quarkus.oidc.auth-server-url", "");
    settings.put("quarkus.oidc.public-key", TestTokens.newKey());
    settings.put("quarkus.oidc.token.issuer", TestTokens.ISSUER);
    settings.put("quarkus.http.test-port", "0");
    return settings;
  }

  /** Tests run in another class loader, so they find the stack through system properties. */
  private static void publish(
      SharedStack stack, ServiceDatabase database, String prefix, Map<String, String> kafka) {
    System.setProperty(DATABASE_URL, stack.jdbcUrl(database.name()));
    System.setProperty(DATABASE_USER, stack.adminUser());
    System.setProperty(DATABASE_PASSWORD, stack.adminPassword());
    System.setProperty(PREFIX, prefix);
    kafka.forEach((name, value) -> System.setProperty(KAFKA + name, value));
  }

  @Override
  public void stop() {
    // the shared stack ends with the build that started it
  }
}
