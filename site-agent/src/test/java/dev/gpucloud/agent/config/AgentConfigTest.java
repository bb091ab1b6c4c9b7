package dev.gpucloud.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentConfigTest {
  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "GPUCLOUD_AGENT_SITES", "kr-seoul-gasan, kr-ulsan-1",
              "GPUCLOUD_AGENT_STATE_DIR", "state",
              "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"));

  @Test
  void readsDefaults() {
    AgentConfig config = AgentConfig.from(environment);

    assertThat(config.kafkaBySite()).containsOnlyKeys("kr-seoul-gasan", "kr-ulsan-1");
    assertThat(config.heartbeatInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.simulated().bootMedian()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.http().getPort()).isEqualTo(8084);
    assertThat(config.devClock()).isEmpty();
  }

  @Test
  void givesEachSiteItsOwnCredentials() {
    environment.put("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
    environment.put("GPUCLOUD_AGENT_KAFKA_USERNAME_KR_SEOUL_GASAN", "agent-gasan");
    environment.put("GPUCLOUD_AGENT_KAFKA_PASSWORD_KR_SEOUL_GASAN", "pass\"word");
    environment.put("GPUCLOUD_AGENT_KAFKA_USERNAME_KR_ULSAN_1", "agent-ulsan");
    environment.put("GPUCLOUD_AGENT_KAFKA_PASSWORD_KR_ULSAN_1", "other");

    AgentConfig config = AgentConfig.from(environment);

    assertThat(config.kafkaBySite().get("kr-seoul-gasan").get("sasl.jaas.config"))
        .isEqualTo(
            "org.apache.kafka.common.security.scram.ScramLoginModule required"
                + " username=\"agent-gasan\" password=\"pass\\\"word\";");
    assertThat(config.kafkaBySite().get("kr-ulsan-1").get("sasl.jaas.config").toString())
        .contains("agent-ulsan");
  }

  @Test
  void namesEverythingThatIsWrongAtOnce() {
    environment.remove("GPUCLOUD_AGENT_STATE_DIR");
    environment.put("GPUCLOUD_AGENT_SITES", "kr-ulsan-1,Bad Site");
    environment.put("GPUCLOUD_AGENT_HEARTBEAT_INTERVAL", "soon");
    environment.put("QUARKUS_HTTP_PORT", "70000");
    environment.put("GPUCLOUD_AGENT_SIMULATED_FAILURE_RATE", "2");
    environment.put("KAFKA_SECURITY_PROTOCOL", "SASL_SSL");

    assertThatThrownBy(() -> AgentConfig.from(environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("GPUCLOUD_AGENT_STATE_DIR must be set")
        .hasMessageContaining("no site id: Bad Site")
        .hasMessageContaining("GPUCLOUD_AGENT_HEARTBEAT_INTERVAL")
        .hasMessageContaining("QUARKUS_HTTP_PORT")
        .hasMessageContaining("GPUCLOUD_AGENT_SIMULATED_FAILURE_RATE")
        .hasMessageContaining("Kafka user name or password of site kr-ulsan-1");
  }

  @Test
  void refusesAMovableClockInProduction() {
    environment.put("GPUCLOUD_CLOCK_URL", "http://127.0.0.1:8079");
    environment.put("GPUCLOUD_CLOCK_TOKEN", "secret");

    assertThatThrownBy(() -> AgentConfig.from(environment))
        .hasMessageContaining("must not be set in the prod profile");

    environment.put("QUARKUS_PROFILE", "dev");
    assertThat(AgentConfig.from(environment).devClock()).isPresent();
  }

  @Test
  void refusesADriverThatThisBuildDoesNotHave() {
    environment.put("GPUCLOUD_AGENT_DRIVER", "magic");

    assertThatThrownBy(() -> AgentConfig.from(environment))
        .hasMessageContaining("GPUCLOUD_AGENT_DRIVER");
  }
}
