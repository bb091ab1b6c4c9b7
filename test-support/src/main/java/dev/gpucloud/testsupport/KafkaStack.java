package dev.gpucloud.testsupport;

import dev.gpucloud.devstack.client.SharedStack;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Gives a {@code @QuarkusTest} that has no database its own topics on the shared stack. */
public final class KafkaStack implements QuarkusTestResourceLifecycleManager {

  @Override
  public Map<String, String> start() {
    Map<String, String> kafka = SharedStack.attach().kafkaAdminConfig();
    String prefix = "t" + UUID.randomUUID().toString().substring(0, 8) + ".";
    TestTopics.create(prefix, kafka, false);
    System.setProperty(ServiceStack.PREFIX, prefix);
    var settings = new HashMap<String, String>();
    settings.put("gpucloud.topics.prefix", prefix);
    kafka.forEach(
        (name, value) -> {
          System.setProperty(ServiceStack.KAFKA + name, value);
          settings.put("kafka." + name, value);
        });
    return settings;
  }

  @Override
  public void stop() {
    // the shared stack ends with the build that started it
  }
}
