package dev.gpucloud.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.agent.config.AgentConfig;
import dev.gpucloud.agent.engine.Order;
import dev.gpucloud.agent.fixture.SiteTopics;
import dev.gpucloud.contracts.event.OrderFact;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.RunId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent on the broker as the principal of its site, and as that of another. */
class AgentRightsIT {
  private static final String SITE = "kr-pangyo-1";

  @TempDir Path stateDir;

  @Test
  void servesItsOwnSite() throws Exception {
    try (SiteTopics topics = SiteTopics.declared(SITE);
        Agent agent = agent(topics, "agent-" + SITE)) {
      agent.start();
      Order order = order();
      topics.issue(order.fact().hostId().toString(), "{".getBytes(StandardCharsets.UTF_8));
      topics.issue(order);

      String run = order.fact().runId().toString();
      topics.awaitReports(
          seen ->
              seen.stream()
                  .filter(report -> report.data().get("runId").asText().equals(run))
                  .anyMatch(report -> report.observed().equals("RUNNING")));
      topics.awaitDeadLetters(seen -> seen.stream().anyMatch(it -> it.data().asText().equals("{")));
      assertThat(ready(agent)).isEqualTo(200);
    }
  }

  @Test
  void isNeverReadyForTheSiteOfAnother() throws Exception {
    try (SiteTopics topics = SiteTopics.declared(SITE);
        Agent agent = agent(topics, "agent-kr-ulsan-1")) {
      agent.start();
      Instant limit = Instant.now().plusSeconds(4);
      while (Instant.now().isBefore(limit)) {
        assertThat(ready(agent)).isEqualTo(503);
        Thread.sleep(100);
      }
    }
  }

  private Agent agent(SiteTopics topics, String principal) throws Exception {
    Map<String, String> environment = topics.environment(principal);
    environment.put("GPUCLOUD_AGENT_STATE_DIR", stateDir.toString());
    environment.put("GPUCLOUD_AGENT_SIMULATED_BOOT_MEDIAN", "PT0.1S");
    return new Agent(AgentConfig.from(environment), InstantSource.system(), () -> {});
  }

  private static Order order() {
    OrderFact fact =
        new OrderFact(
            new HostId(UUID.randomUUID()),
            new InstanceId(UUID.randomUUID()),
            new RunId(UUID.randomUUID()),
            1,
            1,
            OrderFact.RUNNING,
            "rtxpro6000.1x",
            1,
            null,
            "ff",
            null,
            Instant.now());
    return new Order(fact, Instant.now(), null, null);
  }

  private static int ready(Agent agent) throws Exception {
    URI address = URI.create("http://127.0.0.1:" + agent.healthPort() + "/health/ready");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
          .statusCode();
    }
  }
}
