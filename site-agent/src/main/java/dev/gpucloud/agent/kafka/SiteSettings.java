package dev.gpucloud.agent.kafka;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Map;

/** What the agent of one site needs; {@code kafka} are client properties with its credentials. */
public record SiteSettings(
    String site,
    String topicsPrefix,
    Map<String, Object> kafka,
    Duration heartbeatInterval,
    Duration releasedRetention,
    int releasedKept,
    ObjectMapper json) {

  /** Consumer group of the site's agent. */
  public String group() {
    return topicsPrefix + "agent-" + site;
  }
}
