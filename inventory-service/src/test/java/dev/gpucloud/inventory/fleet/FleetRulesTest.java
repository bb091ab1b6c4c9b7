package dev.gpucloud.inventory.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class FleetRulesTest {
  private static final FleetRules.Fleet NOTHING =
      new FleetRules.Fleet(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), Set.of(), Map.of());

  private static String scenario() throws IOException {
    return Files.readString(
        Path.of(
            System.getProperty("gpucloud.root"),
            "dev-stack/src/main/resources/scenario/sk-scenario.yaml"));
  }

  private static List<FieldError> violations(UnaryOperator<String> edit) throws IOException {
    return violations(new YAMLMapper().readTree(edit.apply(scenario())), NOTHING);
  }

  private static List<FieldError> violations(JsonNode document, FleetRules.Fleet before) {
    Violations violations = new Violations();
    FleetDocument read = new FleetReader(violations).read(document);
    new FleetRules(read, before, violations).check();
    try {
      violations.raise();
      return List.of();
    } catch (ProblemException e) {
      return e.errors();
    }
  }

  private static List<String> pointers(UnaryOperator<String> edit) throws IOException {
    return violations(edit).stream().map(FieldError::pointer).toList();
  }

  @Test
  void findsNothingWrongWithTheScenario() throws IOException {
    assertThat(violations(y -> y)).isEmpty();
  }

  @Test
  void plansTheHostsOfAcceptedDeliveriesTheSameEveryTime() throws IOException {
    JsonNode document = new YAMLMapper().readTree(scenario());
    FleetDocument read = new FleetReader(new Violations()).read(document);
    HostPlan plan = new HostPlan();
    FleetDocument.HostShape shape = new FleetDocument.HostShape("", "b200-sxm-180g", 224, 1792);
    read.deliveries().stream()
        .filter(FleetDocument.Delivery::isAccepted)
        .forEach(d -> plan.addAccepted(d, shape, List.of()));

    assertThat(plan.hosts).hasSize(1663);
    assertThat(plan.hosts.stream().map(h -> h.get("name")).distinct()).hasSize(1663);
    assertThat(plan.hosts.stream().map(h -> h.get("serial")).distinct()).hasSize(1663);
    assertThat(plan.hosts.stream().mapToInt(h -> (Integer) h.get("gpus")).sum()).isEqualTo(13_304);
    assertThat(plan.racks).hasSize(33 + 52 + 63 + 256);
    assertThat(plan.fabrics).hasSize(1 + 1 + 1 + 4);
    HostPlan again = new HostPlan();
    again.addAccepted(read.deliveries().getFirst(), shape, List.of());
    assertThat(again.hosts.getFirst().get("name")).isEqualTo("2025-08-gasan-r0001-h01");
    assertThat(again.hosts.getFirst().get("serial")).isEqualTo(plan.hosts.getFirst().get("serial"));
  }

  @Test
  void pointsAtWhatDoesNotExist() throws IOException {
    assertThat(pointers(y -> y.replace("hall: ulsan-h2,", "hall: ulsan-h9,")))
        .containsExactly("/deliveries/4/hall");
    assertThat(pointers(y -> y.replace("b200.1x,  model: b200-sxm-180g", "b200.1x,  model: b300")))
        .containsExactly("/instanceTypes/0/model");
    assertThat(pointers(y -> y.replace("migProfile: 3g.90gb", "migProfile: 3g.99gb")))
        .containsExactly("/instanceTypes/5/migProfile");
  }

  @Test
  void addsUpPowerOfRackHallAndSite() throws IOException {
    assertThat(pointers(y -> y.replace("hosts: 1280,", "hosts: 1800,")))
        .containsExactly("/deliveries/4/hosts");
    assertThat(
            pointers(
                y ->
                    y.replace(
                        "hosts: 129,  gpusPerHost: 8, hostsPerRack: 4",
                        "hosts: 129,  gpusPerHost: 8, hostsPerRack: 5")))
        .containsExactly("/deliveries/0/hostsPerRack");
    assertThat(pointers(y -> y.replace("itPowerMw: 4 ", "itPowerMw: 3 ")))
        .containsExactly("/deliveries/2/hosts");
  }

  @Test
  void answersForThePowerOfThePlacesItNamesAlone() throws IOException {
    String overbooked = scenario().replace("hosts: 1280,", "hosts: 1800,");
    FleetDocument read =
        new FleetReader(new Violations()).read(new YAMLMapper().readTree(overbooked));
    FleetRules.Fleet before =
        new FleetRules.Fleet(
            read.models(),
            read.sites(),
            read.halls(),
            read.deliveries(),
            read.types(),
            read.hostShapes(),
            Set.of(),
            Map.of());
    ObjectNode document = (ObjectNode) new YAMLMapper().readTree(overbooked);

    assertThat(violations(document.deepCopy().retain("gpuModels", "hostShape"), before)).isEmpty();
    assertThat(violations(document.deepCopy().retain("gpuModels", "sites"), before))
        .extracting(FieldError::detail)
        .anyMatch(detail -> detail.startsWith("hall ulsan-h2 would draw"));
  }

  @Test
  void seesTheSameIdTwice() throws IOException {
    assertThat(pointers(y -> y.replace("id: dlv-2027-07-ulsan", "id: dlv-2027-12-ulsan")))
        .contains("/deliveries/6/id");
  }

  @Test
  void findsEverythingAtOnce() throws IOException {
    assertThat(
            pointers(
                y ->
                    y.replace("csapZone: medium", "csapZone: secret")
                        .replace("due: 2027-03-31", "due: soon")
                        .replace("gpus: 8, vcpus: 224", "gpus: 80, vcpus: 224")
                        .replace("boardPowerW: 1000", "boardPowerW: lots")))
        .containsExactlyInAnyOrder(
            "/sites/1/csapZone",
            "/deliveries/4/due",
            "/instanceTypes/3/gpus",
            "/gpuModels/0/boardPowerW");
  }
}
