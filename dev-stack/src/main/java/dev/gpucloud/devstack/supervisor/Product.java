package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.client.KafkaAccess;
import dev.gpucloud.devstack.client.Passwords;
import dev.gpucloud.devstack.client.ServiceDatabase;
import dev.gpucloud.devstack.kafka.BrokerPlan;
import dev.gpucloud.devstack.keycloak.KeycloakServer;
import dev.gpucloud.devstack.layout.Http;
import dev.gpucloud.devstack.layout.Ports;
import dev.gpucloud.devstack.layout.PrivateFiles;
import dev.gpucloud.devstack.layout.StackHome;
import dev.gpucloud.devstack.layout.StackProblem;
import dev.gpucloud.devstack.process.ChildSpec;
import dev.gpucloud.devstack.process.Leftovers;
import dev.gpucloud.devstack.process.Platform;
import dev.gpucloud.devstack.scenario.Directory;
import dev.gpucloud.devstack.scenario.Scenario;
import dev.gpucloud.devstack.scenario.ScenarioLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The plans of Keycloak, the four services and the site agent, and the data they begin with. */
final class Product {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration PROBE_PATIENCE = Duration.ofSeconds(2);

  private final Path root;
  private final StackHome home;
  private final Ports ports;
  private final StackSize size;
  private final Passwords passwords;
  private final Scenario scenario;
  private final Directory directory;
  private final KeycloakServer keycloak;
  private final KafkaAccess kafka;
  private final Map<String, String> urls;

  Product(StackConfig config, Passwords passwords, Scenario scenario, KeycloakServer keycloak) {
    this.root = config.root();
    this.home = config.home();
    this.ports = config.ports();
    this.size = config.size();
    this.passwords = passwords;
    this.scenario = scenario;
    this.keycloak = keycloak;
    this.urls = Urls.of(ports);
    this.directory = new Directory(scenario, passwords, urls);
    this.kafka = new KafkaAccess("127.0.0.1:" + ports.kafka(), passwords);
  }

  ComponentPlan keycloak() {
    return new ComponentPlan(
        "keycloak",
        "Keycloak",
        directory.url("keycloak"),
        List.of("postgresql"),
        keycloak::prepare,
        keycloak::isReady,
        keycloak::settleRealm,
        Duration.ofMinutes(8));
  }

  List<ComponentPlan> services() {
    return List.of(
        service("tenant-service", "tenant", ports.tenantService()),
        service("inventory-service", "inventory", ports.inventoryService()),
        service("billing-service", "billing", ports.billingService()),
        service("gateway", "", ports.gateway()),
        siteAgent());
  }

  /** Writes the credentials, and loads the scenario unless it is loaded already. */
  void load(Reporter reporter) throws IOException, InterruptedException {
    PrivateFiles.write(home.credentials(), directory.toJson());
    if (Files.exists(home.scenarioLoaded())) {
      return;
    }
    long began = System.nanoTime();
    reporter.started("Scenario");
    new ScenarioLoader(scenario, directory).load();
    PrivateFiles.write(home.scenarioLoaded(), "");
    reporter.done("Scenario", Duration.ofNanos(System.nanoTime() - began));
  }

  private ComponentPlan service(String name, String database, int port) {
    return new ComponentPlan(
        name,
        name,
        directory.url(name),
        needs(),
        () -> serviceSpec(name, database, port),
        () -> Http.status(directory.url(name) + "/q/health/ready", PROBE_PATIENCE) == 200,
        ComponentPlan.Action.NOTHING,
        PATIENCE);
  }

  /**
   * Beside Keycloak once it has its data: before, its first start leaves no time for others, and a
   * realm of an earlier version may lack what they log in with.
   */
  private List<String> needs() {
    return keycloak.hasRealm()
        ? List.of("postgresql", "kafka")
        : List.of("postgresql", "kafka", "keycloak");
  }

  private ChildSpec serviceSpec(String name, String database, int port) throws IOException {
    Path jar = built(root.resolve(name).resolve("target/quarkus-app/quarkus-run.jar"));
    Map<String, String> environment = commonEnvironment(port);
    environment.putAll(kafka.environment(name));
    if (!database.isEmpty()) {
      environment.putAll(database(database).environment());
    }
    if (name.equals("tenant-service")) {
      environment.put(
          "GPUCLOUD_DIRECTORY_ADMIN_URL", directory.url("keycloak") + "/admin/realms/gpucloud");
      environment.put(
          "GPUCLOUD_DIRECTORY_CLIENT_SECRET", directory.clientSecret(Directory.SYNCHRONISER));
      environment.put("GPUCLOUD_AUDIT_LOG_CHECKPOINT_INTERVAL", "10s");
      environment.put("GPUCLOUD_MAIL_MAILBOX_DIR", home.mailbox().toString());
      environment.put(
          "GPUCLOUD_NOTIFICATIONS_PLATFORM_ADDRESSES", "platform-admin@gpucloud.example");
      environment.put(
          "GPUCLOUD_NOTIFICATIONS_PLATFORM_TENANT", directory.tenants().keySet().iterator().next());
      environment.put(
          "GPUCLOUD_API_KEYS_SEALING_SECRET",
          passwords.of("api-keys-sealing") + passwords.of("api-keys-sealing-2"));
    }
    if (name.equals("billing-service")) {
      environment.put("GPUCLOUD_TAX_DOCUMENTS_FOLDER", home.taxDocuments().toString());
    }
    if (name.equals("gateway")) {
      environment.put("GPUCLOUD_GATEWAY_SESSIONS_PUBLIC_URL", directory.gatewayUrl());
      environment.put(
          "GPUCLOUD_GATEWAY_SESSIONS_CLIENT_SECRET", directory.clientSecret(Directory.CONSOLE));
      environment.put(
          "GPUCLOUD_GATEWAY_SESSIONS_KEYS",
          passwords.of("gateway-sessions") + passwords.of("gateway-sessions-2"));
      // benchmarks have one user, who does what thousands would
      environment.put("GPUCLOUD_GATEWAY_LIMITS_WINDOW", "PT0.1S");
      environment.put("GPUCLOUD_GATEWAY_LIMITS_CONCURRENT_PER_CALLER", "1000");
      environment.put("GPUCLOUD_GATEWAY_LIMITS_CONCURRENT_PER_TENANT", "1000");
      environment.put("GPUCLOUD_GATEWAY_LIMITS_STORE_HOST", "127.0.0.1");
      environment.put("GPUCLOUD_GATEWAY_LIMITS_STORE_PORT", Integer.toString(ports.postgresql()));
      environment.put("GPUCLOUD_GATEWAY_LIMITS_STORE_PASSWORD", passwords.of("gateway"));
    }
    environment.put("GPUCLOUD_OIDC_CLIENT_SECRET", directory.clientSecret(name));
    environment.put("GPUCLOUD_OIDC_ISSUER", directory.url("issuer"));
    environment.put("GPUCLOUD_OIDC_CLIENT_ID", name);
    environment.put("GPUCLOUD_TENANT_URL", directory.url("tenant-service"));
    environment.put("GPUCLOUD_INVENTORY_URL", directory.url("inventory-service"));
    environment.put("GPUCLOUD_BILLING_URL", directory.url("billing-service"));
    Path folder = home.folder().resolve("run").resolve(name);
    Files.createDirectories(folder);
    return new ChildSpec(
        java(160, jar), environment, folder, home.log(name), "KILL", "TERM", false);
  }

  private ComponentPlan siteAgent() {
    return new ComponentPlan(
        "site-agent",
        "site-agent",
        directory.url("site-agent"),
        List.of("kafka"),
        this::siteAgentSpec,
        () -> Http.status(directory.url("site-agent") + "/health/ready", PROBE_PATIENCE) == 200,
        ComponentPlan.Action.NOTHING,
        PATIENCE);
  }

  private ChildSpec siteAgentSpec() throws IOException {
    Path jar = built(root.resolve("site-agent/target/site-agent.jar"));
    Map<String, String> environment = commonEnvironment(ports.siteAgent());
    environment.put("GPUCLOUD_AGENT_SITES", String.join(",", scenario.sites()));
    environment.put("GPUCLOUD_AGENT_STATE_DIR", home.siteAgent().toString());
    environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
    environment.put("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
    environment.put("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512");
    for (String site : scenario.sites()) {
      String suffix = site.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
      String principal = BrokerPlan.agentOf(site);
      environment.put("GPUCLOUD_AGENT_KAFKA_USERNAME_" + suffix, principal);
      environment.put(
          "GPUCLOUD_AGENT_KAFKA_PASSWORD_" + suffix, passwords.of("kafka:" + principal));
    }
    Files.createDirectories(home.siteAgent());
    return new ChildSpec(
        java(96, jar),
        environment,
        home.siteAgent(),
        home.log("site-agent"),
        "KILL",
        "TERM",
        false);
  }

  private Map<String, String> commonEnvironment(int port) {
    Map<String, String> environment = new HashMap<>();
    environment.put("QUARKUS_PROFILE", "dev");
    environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    environment.put("GPUCLOUD_CLOCK_URL", directory.url("control"));
    environment.put("GPUCLOUD_CLOCK_TOKEN", passwords.of("clock"));
    environment.put("MALLOC_ARENA_MAX", "2");
    return environment;
  }

  private List<String> java(int heapMib, Path jar) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Platform.java(),
                Leftovers.marker(home.folder()),
                "-Xms32m",
                "-Xmx" + size.heapMib(heapMib) + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(size.javaOptions());
    command.addAll(List.of("-jar", jar.toString()));
    return command;
  }

  private ServiceDatabase database(String name) {
    return new ServiceDatabase(
        "127.0.0.1",
        ports.postgresql(),
        name,
        name + "_login",
        passwords.of(name + "_login"),
        name + "_owner",
        passwords.of(name + "_owner"));
  }

  private static Path built(Path jar) {
    if (!Files.exists(jar)) {
      throw new StackProblem(
          StackProblem.NOT_BUILT, jar + " is missing. Run ./mvnw -DskipTests package.");
    }
    return jar;
  }
}
