package dev.gpucloud.devstack.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.devstack.client.Passwords;
import java.util.List;
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
