package dev.gpucloud.devstack.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpucloud.contracts.event.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One line of the product's topic list: its name may hold {@code {site}} for a topic that every
 * site has.
 */
public record TopicShape(String name, int partitions, String cleanup, long retentionMs) {
  private static final String SITE = "{site}";

  /** The topics of the product as contracts declares them. */
  public static List<TopicShape> declared() throws IOException {
    try (InputStream yaml =
        Topics.class.getResourceAsStream("/dev/gpucloud/contracts/topics.yaml")) {
      List<TopicShape> shapes = new ArrayList<>();
      for (JsonNode topic : new YAMLMapper().readTree(yaml).path("topics")) {
        shapes.add(
            new TopicShape(
                topic.path("name").asText(),
                topic.path("partitions").asInt(),
                topic.path("cleanup").asText(),
                topic.path("retentionMs").asLong(-1)));
      }
      return shapes;
    }
  }

  void forSites(List<String> sites, Map<String, String> topics) {
    String shape = partitions + "|cleanup.policy=" + cleanup + "|retention.ms=" + retentionMs;
    if (name.contains(SITE)) {
      sites.forEach(site -> topics.put(name.replace(SITE, site), shape));
    } else {
      topics.put(name, shape);
    }
  }
}
