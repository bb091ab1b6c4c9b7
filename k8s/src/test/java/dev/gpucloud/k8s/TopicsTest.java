package dev.gpucloud.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.event.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The topics and the rights on them, compared with the list that the whole product shares. */
class TopicsTest {
  private static final List<String> SITES =
      List.of(
          Environment.of(
                  Kustomize.render("base"),
                  ManifestsTest.ofKind("base", "StatefulSet").findFirst().orElseThrow())
              .get("GPUCLOUD_AGENT_SITES")
              .split(","));

  private record Shape(String name, int partitions, String cleanup, String retention) {}

  private record Right(String user, String kind, String name, String pattern, String operation) {}

  @Test
  void theTopicsAreThoseOfTheContracts() throws IOException {
    assertThat(declared()).isNotEmpty().containsExactlyInAnyOrderElementsOf(contracts());
  }

  @Test
  void theSitesAreThoseOfTheScenario() {
    assertThat(SITES)
        .containsExactlyInAnyOrder("kr-seoul-gasan", "kr-ulsan-1", "kr-cheongju-1", "kr-pangyo-1");
  }

  @Test
  void anAgentReachesTheTopicsOfItsSiteAlone() {
    for (String site : SITES) {
      assertThat(rights().filter(right -> right.user().equals("agent-" + site)))
          .extracting(right -> right.operation() + " " + right.kind() + " " + right.name())
          .containsExactlyInAnyOrder(
              "Read topic " + Topics.orders(site),
              "Describe topic " + Topics.orders(site),
              "Write topic " + Topics.reports(site),
              "Describe topic " + Topics.reports(site),
              "Write topic " + Topics.heartbeats(site),
              "Describe topic " + Topics.heartbeats(site),
              "Write topic " + Topics.DEAD_LETTERS,
              "Describe topic " + Topics.DEAD_LETTERS,
              "Read group agent-" + site,
              "Describe group agent-" + site);
    }
  }

  @Test
  void everyRightIsOnATopicThatExists() {
    Set<String> topics =
        declared().stream().map(Shape::name).collect(Collectors.toCollection(TreeSet::new));
    assertThat(
            rights()
                .filter(right -> right.kind().equals("topic"))
                .allMatch(
                    right -> right.pattern().equals("literal") && topics.contains(right.name())))
        .isTrue();
  }

  @Test
  void everyTopicHasOneWriterBesideThoseOfAllServices() {
    for (Shape topic : declared()) {
      if (Set.of(Topics.DEAD_LETTERS, Topics.AUDIT_ENTRIES).contains(topic.name())) {
        continue;
      }
      assertThat(
              rights()
                  .filter(right -> right.name().equals(topic.name()))
                  .filter(right -> right.operation().equals("Write"))
                  .map(Right::user)
                  .distinct())
          .as(topic.name())
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tenant-service", "inventory-service", "billing-service"})
  void aServiceReadsTheTopicsOfItsChannelsAlone(String service) throws IOException {
    Set<String> listens = new TreeSet<>(channels("service-kit", "META-INF/microprofile-config"));
    listens.addAll(channels(service, "application"));

    assertThat(
            rights()
                .filter(right -> right.user().equals(service) && right.kind().equals("topic"))
                .filter(right -> right.operation().equals("Read"))
                .map(Right::name))
        .containsExactlyInAnyOrderElementsOf(listens);
  }

  /** The topics that a module's incoming channels name, or meet by their pattern. */
  private static Set<String> channels(String module, String file) throws IOException {
    Properties properties = new Properties();
    Path path = Kustomize.root().resolve(module).resolve("src/main/resources");
    try (Reader reader = Files.newBufferedReader(path.resolve(file + ".properties"))) {
      properties.load(reader);
    }
    Set<String> topics = new TreeSet<>();
    for (String key : properties.stringPropertyNames()) {
      if (key.matches("mp\\.messaging\\.incoming\\.[^.]+\\.topic")) {
        String topic = properties.getProperty(key).replace("${gpucloud.topics.prefix}", "");
        boolean pattern =
            properties.getProperty(key.replace(".topic", ".pattern"), "false").equals("true");
        declared().stream()
            .map(Shape::name)
            .filter(name -> pattern ? name.matches(topic) : name.equals(topic))
            .forEach(topics::add);
      }
    }
    return topics;
  }

  private static java.util.stream.Stream<Right> rights() {
    return ManifestsTest.ofKind("base", "KafkaUser")
        .flatMap(
            user ->
                ManifestsTest.stream(user.at("/spec/authorization/acls"))
                    .flatMap(
                        acl ->
                            ManifestsTest.stream(acl.path("operations"))
                                .map(operation -> right(user, acl.path("resource"), operation))));
  }

  private static Right right(JsonNode user, JsonNode resource, JsonNode operation) {
    return new Right(
        ManifestsTest.name(user),
        resource.path("type").asText(),
        resource.path("name").asText(),
        resource.path("patternType").asText(),
        operation.asText());
  }

  private static List<Shape> declared() {
    return ManifestsTest.ofKind("base", "KafkaTopic")
        .map(
            topic ->
                new Shape(
                    ManifestsTest.name(topic),
                    topic.at("/spec/partitions").asInt(),
                    topic.at("/spec/config/cleanup.policy").asText(),
                    topic.at("/spec/config/retention.ms").asText("")))
        .toList();
  }

  private static List<Shape> contracts() throws IOException {
    List<Shape> shapes = new ArrayList<>();
    try (InputStream file =
        Topics.class.getResourceAsStream("/dev/gpucloud/contracts/topics.yaml")) {
      for (JsonNode topic : Kustomize.YAML.readTree(file).path("topics")) {
        String name = topic.path("name").asText();
        List<String> names =
            name.contains("{site}")
                ? SITES.stream().map(site -> name.replace("{site}", site)).toList()
                : List.of(name);
        names.forEach(
            one ->
                shapes.add(
                    new Shape(
                        one,
                        topic.path("partitions").asInt(),
                        topic.path("cleanup").asText(),
                        topic.path("retentionMs").asText(""))));
      }
    }
    return shapes;
  }
}
