package dev.gpucloud.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rendered manifests, read strictly and checked for what an operator relies on. */
class ManifestsTest {
  private static final String BASE = "base";
  private static final String DEV = "overlays/dev";

  @TestFactory
  Stream<DynamicTest> everyObjectIsValid() {
    return Stream.of(BASE, DEV)
        .flatMap(
            folder ->
                Kustomize.render(folder).stream()
                    .map(
                        object ->
                            DynamicTest.dynamicTest(
                                folder + " " + id(object),
                                () -> assertThat(Schemas.violations(object)).isEmpty())));
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment, /spec/template/spec/containers/0, readinesProbe",
    "Deployment, /spec/template/spec/containers/0/securityContext, readOnlyRootFileSystem",
    "StatefulSet, /spec/template/spec, topologySpreadConstraint",
    "Service, /spec, select",
    "NetworkPolicy, /spec, polcyTypes",
    "PodDisruptionBudget, /spec, maxUnvailable",
    "Ingress, /spec/rules/0/http/paths/0, pathTyp",
    "ServiceAccount, '', automountToken",
    "KafkaTopic, /spec, partition",
    "KafkaUser, /spec/authorization/acls/0, operation",
    "Namespace, /spec, finaliser",
    "ConfigMap, '', dta"
  })
  void aMisspelledFieldIsFound(String kind, String pointer, String field) {
    List<String> violations =
        violationsAfter(
            kind,
            object -> {
              ObjectNode spec = (ObjectNode) object.at(pointer).deepCopy();
              if (object.at(pointer) instanceof ObjectNode present) {
                present.put(field, "x");
              } else {
                ((ObjectNode) object).set("spec", spec.put(field, "x"));
              }
            });
    assertThat(violations).isNotEmpty();
    assertThat(violations.toString()).contains(field);
  }

  @Test
  void aMissingFieldAndAWrongTypeAreFound() {
    assertThat(
            violationsAfter(
                "Deployment", object -> ((ObjectNode) object.at("/spec")).remove("selector")))
        .isNotEmpty();
    assertThat(
            violationsAfter(
                "Deployment", object -> ((ObjectNode) object.at("/spec")).put("replicas", "two")))
        .isNotEmpty();
    assertThat(
            violationsAfter(
                "KafkaUser",
                object -> ((ObjectNode) object.at("/spec/authentication")).put("type", "scram")))
        .isNotEmpty();
    assertThat(
            violationsAfter(
                "KafkaTopic", object -> ((ObjectNode) object.at("/spec")).put("partitions", 0)))
        .isNotEmpty();
    assertThat(violationsAfter("Service", object -> ((ObjectNode) object).put("kind", "Servce")))
        .isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, DEV})
  void deploysTheFourServicesAndTheAgent(String folder) {
    assertThat(workloads(folder).map(ManifestsTest::name))
        .containsExactlyInAnyOrder(
            "tenant-service", "inventory-service", "billing-service", "gateway", "site-agent");
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, DEV})
  void everyPodIsConfined(String folder) {
    workloads(folder)
        .forEach(
            workload -> {
              JsonNode pod = workload.at("/spec/template/spec");
              assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
              assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                  .isEqualTo("RuntimeDefault");
              assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
              assertThat(pod.path("serviceAccountName").asText()).isEqualTo(name(workload));
              assertThat(pod.path("topologySpreadConstraints")).isNotEmpty();
              pod.path("containers")
                  .forEach(
                      container -> {
                        JsonNode confined = container.path("securityContext");
                        assertThat(confined.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                        assertThat(confined.path("allowPrivilegeEscalation").asBoolean(true))
                            .isFalse();
                        assertThat(confined.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
                        assertThat(container.path("resources").path("requests")).hasSize(2);
                        assertThat(container.at("/resources/limits/memory").isTextual()).isTrue();
                        for (String probe :
                            List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                          assertThat(container.at("/" + probe + "/httpGet/path").asText())
                              .contains("/health/");
                        }
                      });
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, DEV})
  void everyWorkloadHasItsServiceAccountBudgetAndPolicy(String folder) {
    List<String> names = workloads(folder).map(ManifestsTest::name).toList();
    for (String kind : List.of("Service", "ServiceAccount", "PodDisruptionBudget")) {
      assertThat(ofKind(folder, kind).map(ManifestsTest::name))
          .containsExactlyInAnyOrderElementsOf(names);
    }
    assertThat(ofKind(folder, "NetworkPolicy").map(ManifestsTest::name)).containsAll(names);
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, DEV})
  void everySelectorMeetsThePodsItMeans(String folder) {
    workloads(folder)
        .forEach(
            workload -> {
              JsonNode labels = workload.at("/spec/template/metadata/labels");
              assertThat(contains(labels, workload.at("/spec/selector/matchLabels"))).isTrue();
              assertThat(contains(labels, named(folder, "Service", workload).at("/spec/selector")))
                  .isTrue();
              assertThat(
                      contains(
                          labels,
                          named(folder, "PodDisruptionBudget", workload)
                              .at("/spec/selector/matchLabels")))
                  .isTrue();
            });
  }

  @Test
  void nothingTalksUnlessItIsListed() {
    JsonNode deny =
        ofKind(BASE, "NetworkPolicy")
            .filter(policy -> name(policy).equals("default-deny"))
            .findFirst()
            .orElseThrow();
    assertThat(deny.path("spec").has("ingress")).isFalse();
    assertThat(deny.path("spec").has("egress")).isFalse();
    assertThat(deny.at("/spec/policyTypes")).hasSize(2);
    workloads(BASE)
        .forEach(
            workload ->
                assertThat(
                        contains(
                            workload.at("/spec/template/metadata/labels"),
                            deny.at("/spec/podSelector/matchLabels")))
                    .isTrue());
  }

  @Test
  void everyPolicyMeetsPortsThatPodsHave() {
    Set<String> ports = new HashSet<>();
    workloads(BASE)
        .forEach(
            workload ->
                ports.add(
                    name(workload)
                        + ":"
                        + workload
                            .at("/spec/template/spec/containers/0/ports/0/containerPort")
                            .asText()));
    List<String> meant = new ArrayList<>();
    ofKind(BASE, "NetworkPolicy")
        .forEach(
            policy -> {
              policy.at("/spec/ingress").forEach(rule -> meant.add(own(policy) + ":" + port(rule)));
              policy
                  .at("/spec/egress")
                  .forEach(
                      rule ->
                          rule.path("to")
                              .forEach(
                                  to -> {
                                    JsonNode target =
                                        to.at("/podSelector/matchLabels/app.kubernetes.io~1name");
                                    if (target.isTextual()) {
                                      meant.add(target.asText() + ":" + port(rule));
                                    }
                                  }));
            });
    assertThat(meant).isNotEmpty();
    assertThat(ports).containsAll(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, DEV})
  void secretsAreReferencedAndNeverContained(String folder) {
    assertThat(ofKind(folder, "Secret")).isEmpty();
    ofKind(folder, "ConfigMap")
        .forEach(
            map ->
                map.path("data")
                    .fieldNames()
                    .forEachRemaining(
                        key ->
                            assertThat(key).doesNotContainPattern("PASSWORD|SECRET|JAAS|TOKEN")));
    workloads(folder)
        .flatMap(workload -> stream(workload.at("/spec/template/spec/containers/0/env")))
        .filter(
            variable -> variable.path("name").asText().matches(".*(PASSWORD|SECRET|JAAS|TOKEN).*"))
        .forEach(
            variable ->
                assertThat(variable.at("/valueFrom/secretKeyRef/name").isTextual())
                    .as(variable.toString())
                    .isTrue());
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, DEV})
  void noProductionManifestMovesTheClock(String folder) {
    workloads(folder)
        .forEach(
            workload -> {
              Set<String> variables = Environment.of(Kustomize.render(folder), workload).keySet();
              assertThat(variables)
                  .contains("QUARKUS_PROFILE")
                  .doesNotContain("GPUCLOUD_CLOCK_URL", "GPUCLOUD_CLOCK_TOKEN");
            });
  }

  static Stream<JsonNode> workloads(String folder) {
    return Stream.concat(ofKind(folder, "Deployment"), ofKind(folder, "StatefulSet"));
  }

  static Stream<JsonNode> ofKind(String folder, String kind) {
    return Kustomize.render(folder).stream()
        .filter(object -> object.path("kind").asText().equals(kind));
  }

  static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static List<String> violationsAfter(String kind, Consumer<JsonNode> change) {
    JsonNode object = ofKind(BASE, kind).findFirst().orElseThrow().deepCopy();
    if (kind.equals("Namespace") && !object.has("spec")) {
      ((ObjectNode) object).putObject("spec");
    }
    assertThat(Schemas.violations(object)).isEmpty();
    change.accept(object);
    return Schemas.violations(object);
  }

  private static JsonNode named(String folder, String kind, JsonNode like) {
    return ofKind(folder, kind)
        .filter(object -> name(object).equals(name(like)))
        .findFirst()
        .orElseThrow();
  }

  private static boolean contains(JsonNode labels, JsonNode selector) {
    return !selector.isEmpty()
        && selector.properties().stream()
            .allMatch(one -> one.getValue().equals(labels.get(one.getKey())));
  }

  private static String own(JsonNode policy) {
    return policy.at("/spec/podSelector/matchLabels/app.kubernetes.io~1name").asText();
  }

  private static String port(JsonNode rule) {
    assertThat(rule.path("ports")).isInstanceOf(ArrayNode.class).isNotEmpty();
    return rule.at("/ports/0/port").asText();
  }

  private static String id(JsonNode object) {
    return object.path("kind").asText() + " " + name(object);
  }
}
