package dev.gpucloud.devstack.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpucloud.devstack.client.Passwords;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokerPlanTest {
  private Properties setup;

  @BeforeEach
  void plan() throws Exception {
    setup =
        new BrokerPlan(List.of("kr-a", "kr-b"), TopicShape.declared())
            .toSetup(new Passwords("secret of the test"));
  }

  @Test
  void agentReachesTheTopicsOfItsOwnSiteOnly() {
    assertThat(rightsOf("agent-kr-a"))
        .isNotEmpty()
        .noneMatch(line -> line.contains("kr-b"))
        .noneMatch(line -> line.contains("PREFIXED"))
        .contains("agent-kr-a|READ,DESCRIBE|TOPIC|LITERAL|site.orders.kr-a.v1")
        .contains("agent-kr-a|WRITE,DESCRIBE|TOPIC|LITERAL|site.reports.kr-a.v1");
  }

  @Test
  void serviceWritesItsOwnTopicsOnly() {
    assertThat(rightsOf("billing-service"))
        .filteredOn(line -> line.contains("WRITE") && line.contains("PREFIXED"))
        .containsExactly("billing-service|WRITE,DESCRIBE|TOPIC|PREFIXED|billing.");
  }

  /** What a service may do on Kubernetes it may do here: it is the same program. */
  @Test
  void serviceHasTheRightsThatItHasOnKubernetes() throws Exception {
    Path users = Path.of(System.getProperty("gpucloud.root"), "k8s/base/kafka/users.yaml");
    var missing = new ArrayList<String>();
    int checked = 0;
    try (MappingIterator<JsonNode> documents =
        new YAMLMapper().readerFor(JsonNode.class).readValues(users.toFile())) {
      while (documents.hasNext()) {
        JsonNode user = documents.next();
        String name = user.at("/metadata/name").asText();
        for (JsonNode acl : user.at("/spec/authorization/acls")) {
          String topic = acl.at("/resource/name").asText();
          boolean isTopic = acl.at("/resource/type").asText().equals("topic");
          if (name.endsWith("-service") && isTopic && !topic.startsWith("site.")) {
            checked++;
            String operation = acl.at("/operations/0").asText().toUpperCase(Locale.ROOT);
            if (rightsOf(name).stream().noneMatch(line -> allows(line, operation, topic))) {
              missing.add(name + " " + operation + " " + topic);
            }
          }
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(checked).isGreaterThan(30);
  }

  private static boolean allows(String line, String operation, String topic) {
    String[] part = line.split("\\|");
    return part[1].startsWith(operation)
        && part[2].equals("TOPIC")
        && (part[3].equals("PREFIXED") ? topic.startsWith(part[4]) : topic.equals(part[4]));
  }

  @Test
  void everySiteHasItsTopics() {
    assertThat(setup.stringPropertyNames())
        .contains(
            "topic.site.orders.kr-a.v1",
            "topic.site.heartbeats.kr-b.v1",
            "topic.inventory.instances.v1")
        .noneMatch(name -> name.contains("{"));
    assertThat(setup.getProperty("topic.inventory.instances.v1"))
        .isEqualTo("12|cleanup.policy=delete|retention.ms=-1");
  }

  @Test
  void everyPrincipalHasAPasswordOfItsOwn() {
    List<String> passwords =
        setup.stringPropertyNames().stream()
            .filter(name -> name.startsWith("principal."))
            .map(setup::getProperty)
            .toList();

    assertThat(passwords).hasSize(7).doesNotHaveDuplicates();
  }

  private List<String> rightsOf(String principal) {
    return setup.stringPropertyNames().stream()
        .filter(name -> name.startsWith("acl."))
        .map(setup::getProperty)
        .filter(line -> line.startsWith(principal + "|"))
        .toList();
  }
}
