package dev.gpucloud.tenant.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.mutiny.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom an identity provider does not know, asked over HTTP while somebody waits. */
class StrangersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private HttpServer keycloak;
  private People people;

  @BeforeEach
  void start() throws IOException {
    keycloak = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    keycloak.start();
    String url = "http://localhost:" + keycloak.getAddress().getPort();
    DirectoryConfig config =
        new SmallRyeConfigBuilder()
            .withMapping(DirectoryConfig.class)
            .withDefaultValue("gpucloud.directory.admin-url", url + "/admin")
            .build()
            .getConfigMapping(DirectoryConfig.class);
    people = new People(new KeycloakAdmin(vertx, config, url + "/realm"), config);
    answer(
        "/realm/protocol/openid-connect/token", 200, "{\"access_token\":\"t\",\"expires_in\":60}");
  }

  @AfterEach
  void stop() {
    keycloak.stop(0);
    vertx.closeAndAwait();
  }

  @Test
  void areThoseThatItSaysItHasNot() {
    answer("/admin/users/", 404, "{\"error\":\"User not found\"}");
    answer("/admin/users/kim", 200, "{\"id\":\"kim\"}");

    assertThat(strangers("kim", "nobody", "no-one")).containsExactlyInAnyOrder("nobody", "no-one");
  }

  @Test
  void areNoneWhereItDoesNotSay() {
    answer("/admin/users/", 503, "");

    assertThat(strangers("kim", "nobody")).isEmpty();
  }

  @Test
  void areNoneWhileItIsDown() {
    keycloak.stop(0);

    assertThat(strangers("nobody")).isEmpty();
  }

  private Set<String> strangers(String... subjects) {
    return people.strangers(List.of(subjects)).await().atMost(PATIENCE);
  }

  private void answer(String path, int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    keycloak.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}
