package dev.gpucloud.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.agent.config.AgentConfig;
import dev.gpucloud.agent.fixture.ClockStub;
import dev.gpucloud.agent.fixture.Orders;
import dev.gpucloud.agent.fixture.SiteTopics;
import dev.gpucloud.agent.fixture.SiteTopics.Seen;
import dev.gpucloud.contracts.event.VolumeOrderFact;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent against the real broker. */
class AgentIT {
  private static final Instant START = Instant.parse("2026-11-02T00:00:00Z");
  private static final Instant LATER = Instant.parse("2026-11-02T08:00:00Z");

  @TempDir Path stateDir;
  private SiteTopics topics;
  private ClockStub clock;

  @BeforeEach
  void topics() throws Exception {
    topics = new SiteTopics();
    clock = new ClockStub(START);
  }

  @AfterEach
  void close() {
    clock.close();
    topics.close();
  }

  @Test
  void bootsAndReleasesAsOrdered() throws Exception {
    Orders one = Orders.of(1, 1, 1);
    try (Agent agent = start()) {
      topics.issue(one.running(1));
      topics.awaitReports(seen -> observed(seen).equals(List.of("BOOTING", "RUNNING")));
      assertThat(agent.healthPort()).isPositive();

      topics.issue(one.absent(2));
      List<Seen> reports = topics.awaitReports(seen -> seen.size() == 3);

      Seen released = reports.getLast();
      assertThat(released.observed()).isEqualTo("RELEASED");
      assertThat(released.type()).isEqualTo("run.reported");
      assertThat(released.tenant()).isEqualTo("ten_1");
      assertThat(released.data().get("scrubbed").asBoolean()).isTrue();
      assertThat(released.data().get("at").asText()).isEqualTo("2026-11-02T00:00:00Z");
    }
  }

  @Test
  void deletesAVolumeOnceItsRunIsGoneAndSaysSoAgainWhenAskedAgain() throws Exception {
    Orders one = Orders.of(1, 1, 1);
    VolumeOrderFact order = Orders.absentVolume(7, 1);
    try (Agent agent = start()) {
      assertThat(agent.healthPort()).isPositive();
      topics.issue(one.runningWith(1, order.volumeId().toString()));
      topics.awaitReports(seen -> observed(seen).contains("RUNNING"));
      topics.issue(order);
      topics.issue(one.absent(2));
      Seen gone = topics.awaitSaid("volume.reported", seen -> !seen.isEmpty()).getFirst();
      assertThat(gone.data().get("volumeId").asText()).isEqualTo(order.volumeId().toString());
      assertThat(gone.data().get("orderSequence").asLong()).isEqualTo(1);
      assertThat(observed(topics.awaitReports(seen -> !seen.isEmpty()))).contains("RELEASED");
    }
    try (Agent again = start()) {
      assertThat(again.healthPort()).isPositive();
      topics.issue(order);
      List<Seen> said = topics.awaitSaid("volume.reported", seen -> seen.size() == 2);
      assertThat(said.getLast()).isEqualTo(said.getFirst());
    }
  }

  @Test
  void declaresWhatItsDriverProvidesAndReportsConsoles() throws Exception {
    try (Agent agent = start()) {
      assertThat(agent.healthPort()).isPositive();
      Seen declared = topics.awaitSaid("capabilities.declared", seen -> !seen.isEmpty()).getFirst();
      assertThat(declared.data().get("driver").asText()).isEqualTo("simulated");
      assertThat(declared.data().get("capabilities").toString()).contains("CONSOLE_LOG");

      topics.issue(Orders.of(1, 1, 1).running(1));
      Seen console = topics.awaitSaid("console.reported", seen -> !seen.isEmpty()).getFirst();
      assertThat(console.data().get("text").asText()).contains("login:");
      assertThat(console.data().get("runId").asText())
          .isEqualTo(Orders.of(1, 1, 1).runId().toString());
    }
  }

  @Test
  void reportsWhatWasAliveThroughAMoveBeforeItAcknowledges() throws Exception {
    try (Agent agent = start()) {
      assertThat(clock.awaitAcknowledgement()).contains("\"version\":1", "\"site-agent\"");
      topics.issue(Orders.of(1, 1, 1).running(1));
      topics.issue(Orders.of(2, 2, 2).running(1));
      topics.awaitReports(seen -> observed(seen).stream().filter("RUNNING"::equals).count() == 2);

      clock.moveTo(LATER);
      assertThat(clock.awaitAcknowledgement()).contains("\"version\":2");

      topics.awaitHeartbeats(
          seen ->
              seen.stream().filter(AgentIT::throughLater).map(AgentIT::host).distinct().count()
                  == 2);
      assertThat(agent.healthPort()).isPositive();
    }
  }

  @Test
  void saysAgainWhatIsTrueWhenAskedAgainAfterARestart() throws Exception {
    Orders one = Orders.of(1, 1, 1);
    try (Agent agent = start()) {
      assertThat(agent.healthPort()).isPositive();
      topics.issue(one.running(1));
      topics.awaitReports(seen -> observed(seen).contains("RUNNING"));
    }
    clock.moveTo(LATER);
    try (Agent agent = start()) {
      assertThat(agent.healthPort()).isPositive();
      topics.issue(one.running(1));
      List<Seen> reports =
          topics.awaitReports(
              seen -> observed(seen).stream().filter("RUNNING"::equals).count() == 2);
      List<Seen> running =
          reports.stream().filter(seen -> seen.observed().equals("RUNNING")).toList();
      assertThat(running.getFirst()).isEqualTo(running.getLast());
    }
  }

  @Test
  void rebuildsItsSiteFromTheOrdersWhenTheStateIsLost() throws Exception {
    Orders kept = Orders.of(1, 1, 1);
    Orders gone = Orders.of(2, 2, 2);
    try (Agent agent = start()) {
      assertThat(agent.healthPort()).isPositive();
      topics.issue(kept.running(1));
      topics.issue(gone.running(1));
      topics.awaitReports(seen -> observed(seen).stream().filter("RUNNING"::equals).count() == 2);
      topics.issue(gone.absent(2));
      topics.awaitReports(seen -> observed(seen).contains("RELEASED"));
    }
    Files.delete(stateDir.resolve(SiteTopics.SITE + ".json"));
    try (Agent agent = start()) {
      List<Seen> reports = topics.awaitReports(seen -> seen.size() == 8);
      assertThat(reports.stream().filter(seen -> isOf(seen, kept)).map(Seen::observed))
          .containsExactly("BOOTING", "RUNNING", "BOOTING", "RUNNING");
      assertThat(reports.stream().filter(seen -> isOf(seen, gone)).map(Seen::observed))
          .containsExactly("BOOTING", "RUNNING", "RELEASED", "RELEASED");
      assertThat(get(agent, "/metrics").body())
          .contains("gpucloud_agent_runs{site=\"kr-ulsan-1\",phase=\"RELEASED\"} 1");
    }
  }

  private static boolean isOf(Seen report, Orders orders) {
    return report.data().get("runId").asText().equals(orders.runId().toString());
  }

  @Test
  void keepsUnreadableOrdersAsDeadLettersAndGoesOn() throws Exception {
    try (Agent agent = start()) {
      topics.issue("hst_x", "{not json".getBytes(StandardCharsets.UTF_8));
      topics.issue(Orders.of(1, 1, 1).running(1));

      topics.awaitReports(seen -> observed(seen).contains("RUNNING"));
      assertThat(topics.awaitDeadLetters(seen -> seen.size() == 1).getFirst().data().asText())
          .isEqualTo("{not json");
      assertThat(get(agent, "/metrics").body())
          .contains("gpucloud_agent_orders_total{site=\"kr-ulsan-1\",outcome=\"MALFORMED\"} 1")
          .contains("gpucloud_agent_runs{site=\"kr-ulsan-1\",phase=\"RUNNING\"} 1");
    }
  }

  @Test
  void isReadyOnceItServesItsSitesOnTheBusinessClock() throws Exception {
    try (Agent agent = new Agent(config(), InstantSource.system(), () -> {})) {
      assertThat(get(agent, "/health/live").statusCode()).isEqualTo(200);
      assertThat(get(agent, "/health/ready").statusCode()).isEqualTo(503);
      agent.start();
      awaitReady(agent);
      assertThat(get(agent, "/health/ready").body())
          .contains("business-clock", "kr-ulsan-1")
          .doesNotContain("DOWN");
    }
  }

  @Test
  void eachReportIsSentOnceWhenNothingFails() throws Exception {
    try (Agent agent = start()) {
      assertThat(agent.healthPort()).isPositive();
      for (int i = 1; i <= 40; i++) {
        topics.issue(Orders.of(i % 5, i, i).slots(Long.toHexString(1L << (i % 60))).running(1));
      }
      List<Seen> reports = topics.awaitReports(seen -> seen.size() >= 80);
      assertThat(new HashSet<>(reports.stream().map(Seen::id).toList())).hasSize(80);
    }
  }

  @Test
  void reportsWhatGpusLogOnTheSitesTopic() throws Exception {
    Map<String, String> environment = environment();
    environment.put("GPUCLOUD_AGENT_SIMULATED_FAULT_RATE", "1");
    try (Agent agent = new Agent(AgentConfig.from(environment), InstantSource.system(), () -> {})) {
      agent.start();
      for (int i = 1; i <= 40; i++) {
        topics.issue(Orders.of(i % 5, i, i).slots(Long.toHexString(1L << (i % 60))).running(1));
      }

      Seen fault = topics.awaitSaid("gpu.faulted", seen -> !seen.isEmpty()).getFirst();
      assertThat(fault.data().get("site").asText()).isEqualTo("kr-ulsan-1");
      assertThat(fault.data().get("at").asText()).isEqualTo(START.toString());
      assertThat(Instant.parse(fault.data().get("loggedAt").asText()))
          .isBetween(Instant.now().minusSeconds(120), Instant.now());
      assertThat(fault.data().get("xid").asInt()).isPositive();
    }
  }

  private Agent start() throws Exception {
    Agent agent = new Agent(config(), InstantSource.system(), () -> {});
    agent.start();
    return agent;
  }

  private AgentConfig config() {
    return AgentConfig.from(environment());
  }

  private Map<String, String> environment() {
    Map<String, String> environment = topics.environment();
    environment.put("GPUCLOUD_AGENT_STATE_DIR", stateDir.toString());
    environment.put("GPUCLOUD_CLOCK_URL", clock.address().toString());
    environment.put("GPUCLOUD_CLOCK_TOKEN", ClockStub.TOKEN);
    environment.put("GPUCLOUD_AGENT_SIMULATED_BOOT_MEDIAN", "PT0.2S");
    return environment;
  }

  private static void awaitReady(Agent agent) throws Exception {
    Instant limit = Instant.now().plusSeconds(30);
    while (get(agent, "/health/ready").statusCode() != 200) {
      assertThat(Instant.now()).isBefore(limit);
      Thread.sleep(50);
    }
  }

  private static HttpResponse<String> get(Agent agent, String path) throws Exception {
    URI address = URI.create("http://127.0.0.1:" + agent.healthPort() + path);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }
  }

  /** A host that only boots beats without runs. */
  private static boolean throughLater(Seen beat) {
    return beat.data().get("runs").findValuesAsText("aliveThrough").contains(LATER.toString());
  }

  private static String host(Seen beat) {
    return beat.data().get("hostId").asText();
  }

  private static List<String> observed(List<Seen> reports) {
    return reports.stream().map(Seen::observed).toList();
  }
}
