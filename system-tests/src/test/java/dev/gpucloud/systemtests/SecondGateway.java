package dev.gpucloud.systemtests;

import dev.gpucloud.devstack.client.FullStack;
import dev.gpucloud.devstack.client.Passwords;
import dev.gpucloud.devstack.process.Platform;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Another replica of the gateway, started anew, that asks Keycloak about sessions each second. */
final class SecondGateway implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final String url;

  private SecondGateway(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  static SecondGateway start() throws IOException, InterruptedException {
    Path folder = Path.of(System.getProperty("gpucloud.root"), "gateway/target");
    int port = freePort();
    ProcessBuilder command =
        new ProcessBuilder(
                Platform.java(),
                "-Xmx160m",
                "-jar",
                folder.resolve("quarkus-app/quarkus-run.jar").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("second-gateway.log").toFile());
    command.environment().putAll(environment(port));
    var gateway = new SecondGateway(command.start(), "http://127.0.0.1:" + port);
    gateway.awaitReady();
    return gateway;
  }

  String url() {
    return url;
  }

  private static Map<String, String> environment(int port) {
    FullStack stack = Product.stack();
    Passwords passwords = stack.backing().kafka().passwords();
    return Map.ofEntries(
        Map.entry("QUARKUS_PROFILE", "dev"),
        Map.entry("QUARKUS_HTTP_PORT", Integer.toString(port)),
        Map.entry("GPUCLOUD_OIDC_ISSUER", stack.url("issuer")),
        Map.entry("GPUCLOUD_OIDC_CLIENT_SECRET", passwords.of("client:gateway")),
        Map.entry("GPUCLOUD_TENANT_URL", stack.url("tenant-service")),
        Map.entry("GPUCLOUD_INVENTORY_URL", stack.url("inventory-service")),
        Map.entry("GPUCLOUD_BILLING_URL", stack.url("billing-service")),
        Map.entry("GPUCLOUD_GATEWAY_SESSIONS_PUBLIC_URL", stack.gatewayUrl()),
        Map.entry("GPUCLOUD_GATEWAY_SESSIONS_CHECK_INTERVAL", "PT1S"),
        Map.entry(
            "GPUCLOUD_GATEWAY_SESSIONS_CLIENT_SECRET", passwords.of("client:gpucloud-console")),
        Map.entry(
            "GPUCLOUD_GATEWAY_SESSIONS_KEYS",
            passwords.of("gateway-sessions") + passwords.of("gateway-sessions-2")));
  }

  private void awaitReady() throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest question = HttpRequest.newBuilder(URI.create(url + "/q/health/ready")).build();
    Instant deadline = Instant.now().plus(PATIENCE);
    while (process.isAlive() && Instant.now().isBefore(deadline)) {
      try {
        if (client.send(question, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (ConnectException notYet) {
        // it starts
      }
      process.waitFor(100, TimeUnit.MILLISECONDS);
    }
    close();
    throw new AssertionError("the second gateway does not start: see second-gateway.log");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
