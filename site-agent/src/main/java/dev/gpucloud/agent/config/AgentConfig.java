package dev.gpucloud.agent.config;

import dev.gpucloud.agent.simulated.SimulatedHardwareSettings;
import dev.gpucloud.agent.simulated.SimulatedSettings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/** The agent's configuration; an instance is always valid. */
public record AgentConfig(
    Map<String, Map<String, Object>> kafkaBySite,
    String topicsPrefix,
    Path stateDir,
    InetSocketAddress http,
    Duration heartbeatInterval,
    Duration releasedRetention,
    int releasedKept,
    SimulatedSettings simulated,
    SimulatedHardwareSettings hardware,
    Optional<DevClock> devClock) {

  /** Where the development clock is. */
  public record DevClock(URI address, String token) {}

  /**
   * Reads the environment.
   *
   * @throws IllegalArgumentException naming everything that is wrong with it
   */
  public static AgentConfig from(Map<String, String> environment) {
    Settings settings = new Settings(environment);
    AgentConfig config =
        new AgentConfig(
            kafkaBySite(settings),
            settings.text(Setting.TOPICS_PREFIX),
            Path.of(settings.text(Setting.STATE_DIR)),
            new InetSocketAddress(
                settings.text(Setting.HTTP_HOST), settings.port(Setting.HTTP_PORT)),
            settings.duration(Setting.HEARTBEAT_INTERVAL),
            settings.duration(Setting.RELEASED_RETENTION),
            settings.count(Setting.RELEASED_KEPT),
            simulated(settings),
            hardware(settings),
            devClock(settings));
    settings.requireValid();
    return config;
  }

  private static SimulatedSettings simulated(Settings settings) {
    String driver = settings.text(Setting.DRIVER);
    if (!driver.equals(Setting.DRIVER.standard())) {
      settings.reject(Setting.DRIVER.variable() + ": this build has only the driver simulated");
    }
    return new SimulatedSettings(
        settings.number(Setting.SIMULATED_SEED),
        settings.duration(Setting.SIMULATED_BOOT_MEDIAN),
        settings.duration(Setting.SIMULATED_SCRUB_TIME),
        settings.share(Setting.SIMULATED_FAILURE_RATE),
        settings.share(Setting.SIMULATED_BAD_HOST_RATE),
        settings.share(Setting.SIMULATED_FAULT_RATE));
  }

  private static SimulatedHardwareSettings hardware(Settings settings) {
    return new SimulatedHardwareSettings(
        settings.number(Setting.SIMULATED_SEED),
        settings.duration(Setting.SIMULATED_LOOK_TIME),
        settings.duration(Setting.SIMULATED_BURN_IN_TIME),
        settings.share(Setting.SIMULATED_MISSING_HOST_RATE),
        settings.share(Setting.SIMULATED_WRONG_HOST_RATE),
        settings.share(Setting.SIMULATED_WEAK_GPU_RATE));
  }

  private static Optional<DevClock> devClock(Settings settings) {
    String url = settings.text(Setting.CLOCK_URL);
    if (url.isEmpty()) {
      return Optional.empty();
    }
    if (settings.text(Setting.PROFILE).equals("prod")) {
      settings.reject(
          Setting.CLOCK_URL.variable() + " must not be set in the prod profile: no movable clock");
    }
    String token = settings.text(Setting.CLOCK_TOKEN);
    if (token.isEmpty()) {
      settings.reject(Setting.CLOCK_TOKEN.variable() + " must be set beside the clock's address");
    }
    try {
      return Optional.of(new DevClock(URI.create(url), token));
    } catch (IllegalArgumentException e) {
      settings.reject(Setting.CLOCK_URL.variable() + ": not an address: " + url);
      return Optional.empty();
    }
  }

  private static Map<String, Map<String, Object>> kafkaBySite(Settings settings) {
    Map<String, Map<String, Object>> bySite = new LinkedHashMap<>();
    List<String> sites = settings.sites();
    sites.forEach(site -> bySite.put(site, kafka(settings, site)));
    return bySite;
  }

  private static Map<String, Object> kafka(Settings settings, String site) {
    Map<String, Object> kafka = new HashMap<>();
    String protocol = settings.text(Setting.SECURITY_PROTOCOL);
    kafka.put(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.text(Setting.BOOTSTRAP_SERVERS));
    kafka.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
    if (protocol.startsWith("SASL")) {
      kafka.put(SaslConfigs.SASL_MECHANISM, settings.text(Setting.SASL_MECHANISM));
      kafka.put(SaslConfigs.SASL_JAAS_CONFIG, jaas(settings, site));
    }
    String authorities = settings.text(Setting.TRUSTSTORE_CERTIFICATES);
    if (!authorities.isEmpty()) {
      kafka.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
      kafka.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, authorities);
    }
    return kafka;
  }

  private static String jaas(Settings settings, String site) {
    String username = settings.text(Setting.KAFKA_USERNAME, site);
    String password = settings.text(Setting.KAFKA_PASSWORD, site);
    if (username.isEmpty() || password.isEmpty()) {
      settings.reject("Kafka user name or password of site " + site + " is not set");
    }
    return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
        + escape(username)
        + "\" password=\""
        + escape(password)
        + "\";";
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
