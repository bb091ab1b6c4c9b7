package dev.gpucloud.benchmarks.durable;

import dev.gpucloud.devstack.client.DurableStack;
import dev.gpucloud.devstack.client.PostgresAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Starts an empty durable PostgreSQL and a Kafka, runs a program that is built like a service on
 * them, and takes both down when it ends.
 */
public final class DurableLauncher {
  private DurableLauncher() {}

  /** Arguments: folder of the project, jar of the program, its arguments. */
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    Path home = root.resolve("benchmarks/target/durable");
    int status;
    try (DurableStack stack = DurableStack.start(root, home)) {
      status = run(stack, args[1], Arrays.asList(args).subList(2, args.length));
    }
    System.exit(status);
  }

  private static int run(DurableStack stack, String jar, List<String> arguments)
      throws IOException, InterruptedException, SQLException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String options = System.getenv().getOrDefault("DURABLE_JAVA_OPTIONS", "-Xms512m -Xmx512m");
    command.addAll(List.of(options.strip().split("\\s+")));
    command.addAll(
        List.of(
            "-XX:+UseParallelGC",
            "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-jar",
            jar));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    Map<String, String> environment = builder.environment();
    String service = System.getenv().getOrDefault("DURABLE_SERVICE", "inventory");
    environment.putAll(stack.environment(service + "-service", service));
    String producer = System.getenv().getOrDefault("DURABLE_PRODUCER", service) + "-service";
    environment.put(
        "DURABLE_PRODUCER_JAAS",
        Objects.requireNonNull(stack.kafka().clientConfig(producer).get("sasl.jaas.config")));
    environment.put("DURABLE_JDBC_URL", jdbcUrl(environment));
    environment.put("DURABLE_ADMIN_PASSWORD", stack.adminPassword());
    Process program = builder.start();
    Thread ending = new Thread(program::destroy, "ending");
    Runtime.getRuntime().addShutdownHook(ending);
    int status = program.waitFor();
    Runtime.getRuntime().removeShutdownHook(ending);
    return status;
  }

  private static String jdbcUrl(Map<String, String> environment) {
    return "jdbc:postgresql://%s:%s/%s?user=%s"
        .formatted(
            environment.get("GPUCLOUD_DB_HOST"),
            environment.get("GPUCLOUD_DB_PORT"),
            environment.get("GPUCLOUD_DB_NAME"),
            PostgresAccess.ADMIN);
  }
}
