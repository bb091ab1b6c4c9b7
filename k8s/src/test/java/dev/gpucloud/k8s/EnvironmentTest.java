package dev.gpucloud.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the manifests set, compared with what {@code docs/configuration.md} lists. */
class EnvironmentTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `([A-Z0-9_<>]+)` \\| [^|]* \\| ([^|]*) \\|.*");
  private static final Set<String> SERVICES =
      Set.of("tenant-service", "inventory-service", "billing-service");

  static Stream<String> folders() {
    return Stream.of("base", "overlays/dev");
  }

  @ParameterizedTest
  @MethodSource("folders")
  void setsOnlyWhatIsDocumented(String folder) throws IOException {
    for (JsonNode workload : ManifestsTest.workloads(folder).toList()) {
      Set<String> documented = documented(ManifestsTest.name(workload)).keySet();
      Set<String> unknown =
          new TreeSet<>(Environment.of(Kustomize.render(folder), workload).keySet());
      unknown.removeIf(variable -> documented.stream().anyMatch(name -> matches(name, variable)));
      assertThat(unknown).as(ManifestsTest.name(workload)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void setsAllThatIsRequired(String folder) throws IOException {
    for (JsonNode workload : ManifestsTest.workloads(folder).toList()) {
      Set<String> set = Environment.of(Kustomize.render(folder), workload).keySet();
      List<String> missing =
          documented(ManifestsTest.name(workload)).entrySet().stream()
              .filter(entry -> entry.getValue().equals("required"))
              .map(Map.Entry::getKey)
              .filter(name -> set.stream().noneMatch(variable -> matches(name, variable)))
              .toList();
      assertThat(missing).as(ManifestsTest.name(workload)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"tenant-service", "inventory-service", "billing-service"})
  void aServiceGetsItsOwnDatabaseUserAndClient(String service) {
    Map<String, String> environment = environment("base", service);
    assertThat(environment)
        .containsKeys(
            "GPUCLOUD_DB_HOST",
            "GPUCLOUD_DB_USERNAME",
            "GPUCLOUD_DB_PASSWORD",
            "GPUCLOUD_DB_OWNER_USERNAME",
            "GPUCLOUD_DB_OWNER_PASSWORD",
            "GPUCLOUD_OIDC_CLIENT_SECRET",
            "KAFKA_SASL_JAAS_CONFIG")
        .containsEntry("GPUCLOUD_DB_NAME", service.replace("-service", ""))
        .containsEntry("GPUCLOUD_OIDC_CLIENT_ID", service)
        .containsEntry("KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
    ManifestsTest.workloads("base")
        .filter(workload -> ManifestsTest.name(workload).equals(service))
        .flatMap(
            workload -> ManifestsTest.stream(workload.at("/spec/template/spec/containers/0/env")))
        .filter(variable -> variable.at("/valueFrom").has("secretKeyRef"))
        .forEach(
            variable ->
                assertThat(variable.at("/valueFrom/secretKeyRef/name").asText())
                    .startsWith(service));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void theGatewaySharesItsLimitsAndKnowsHowManyItIsWithoutTheStore(String folder) {
    JsonNode gateway =
        ManifestsTest.workloads(folder)
            .filter(workload -> ManifestsTest.name(workload).equals("gateway"))
            .findFirst()
            .orElseThrow();
    assertThat(environment(folder, "gateway"))
        .containsEntry("GPUCLOUD_GATEWAY_LIMITS_STORE_HOST", "gpucloud-db-rw")
        .containsKey("GPUCLOUD_GATEWAY_LIMITS_STORE_PASSWORD")
        .containsEntry("GPUCLOUD_GATEWAY_LIMITS_REPLICAS", gateway.at("/spec/replicas").asText())
        .doesNotContainKeys("GPUCLOUD_DB_HOST", "GPUCLOUD_DB_PASSWORD");
    assertThat(
            ManifestsTest.ofKind(folder, "NetworkPolicy")
                .filter(policy -> ManifestsTest.name(policy).equals("gateway"))
                .flatMap(policy -> ManifestsTest.stream(policy.at("/spec/egress")))
                .filter(rule -> rule.toString().contains("gpucloud-db")))
        .singleElement()
        .satisfies(rule -> assertThat(rule.at("/ports/0/port").asInt()).isEqualTo(5432));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void aPodListensWhereItsProbesAsk(String folder) {
    ManifestsTest.workloads(folder)
        .forEach(
            workload ->
                assertThat(environment(folder, ManifestsTest.name(workload)))
                    .containsEntry(
                        "QUARKUS_HTTP_PORT",
                        workload
                            .at("/spec/template/spec/containers/0/ports/0/containerPort")
                            .asText())
                    .containsEntry("QUARKUS_HTTP_HOST", "0.0.0.0"));
  }

  private static Map<String, String> environment(String folder, String name) {
    return ManifestsTest.workloads(folder)
        .filter(workload -> ManifestsTest.name(workload).equals(name))
        .map(workload -> Environment.of(Kustomize.render(folder), workload))
        .findFirst()
        .orElseThrow();
  }

  private static boolean matches(String documented, String variable) {
    return variable.matches(documented.replaceAll("<\\w+>", "[A-Z0-9_]+"));
  }

  /** Variables and defaults of the sections that hold for a process. */
  private static Map<String, String> documented(String process) throws IOException {
    Map<String, Map<String, String>> sections = sections();
    Map<String, String> variables = new TreeMap<>(sections.get("Every process"));
    if (SERVICES.contains(process)) {
      variables.putAll(sections.get("Every service"));
    }
    if (SERVICES.contains(process) || process.equals("gateway")) {
      variables.putAll(sections.get("Kafka"));
    }
    variables.putAll(sections.getOrDefault(process, Map.of()));
    return variables;
  }

  private static Map<String, Map<String, String>> sections() throws IOException {
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    String section = "";
    for (String line : Files.readAllLines(Kustomize.root().resolve("docs/configuration.md"))) {
      Matcher row = ROW.matcher(line);
      if (line.startsWith("## ")) {
        section = line.substring(3);
      } else if (row.matches()) {
        sections
            .computeIfAbsent(section, _ -> new TreeMap<>())
            .put(row.group(1), row.group(2).strip());
      }
    }
    assertThat(sections).containsKeys("Every process", "Every service", "site-agent");
    return sections;
  }
}
