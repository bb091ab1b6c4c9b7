package dev.gpucloud.testsupport;

import dev.gpucloud.contracts.event.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.yaml.snakeyaml.Yaml;

/** Creates the product's topics under a prefix, from the same list the installation uses. */
final class TestTopics {
  private static final List<String> SITES =
      List.of("kr-seoul-gasan", "kr-ulsan-1", "kr-cheongju-1", "kr-pangyo-1");
  private static final int SPARE_SITES = 32;

  private TestTopics() {}

  /** The n-th site, from 0, that has topics and is part of no scenario. */
  static String spareSite(int n) {
    if (n >= SPARE_SITES) {
      throw new IllegalStateException("more than " + SPARE_SITES + " sites with topics are needed");
    }
    return "test-site-%02d".formatted(n + 1);
  }

  static void create(String prefix, Map<String, String> kafka, boolean spareSites) {
    List<String> sites = new ArrayList<>(SITES);
    if (spareSites) {
      IntStream.range(0, SPARE_SITES).mapToObj(TestTopics::spareSite).forEach(sites::add);
    }
    try (Admin admin = Admin.create(Map.<String, Object>copyOf(kafka))) {
      admin.createTopics(list(prefix, sites)).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("topics could not be created", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<NewTopic> list(String prefix, List<String> sites) {
    var topics = new ArrayList<NewTopic>();
    for (Map<String, Object> entry : read()) {
      String name = (String) entry.get("name");
      List<String> names =
          name.contains("{site}")
              ? sites.stream().map(site -> name.replace("{site}", site)).toList()
              : List.of(name);
      for (String each : names) {
        topics.add(
            new NewTopic(prefix + each, (Integer) entry.get("partitions"), (short) 1)
                .configs(Map.of("cleanup.policy", (String) entry.get("cleanup"))));
      }
    }
    return topics;
  }

  private static List<Map<String, Object>> read() {
    try (InputStream in = Topics.class.getResourceAsStream("/dev/gpucloud/contracts/topics.yaml")) {
      Map<String, List<Map<String, Object>>> file = new Yaml().load(in);
      return file.get("topics");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
