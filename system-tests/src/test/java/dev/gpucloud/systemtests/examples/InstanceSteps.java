package dev.gpucloud.systemtests.examples;

import static dev.gpucloud.systemtests.examples.Users.ADMIN;
import static dev.gpucloud.systemtests.examples.Users.OPERATOR;
import static dev.gpucloud.systemtests.examples.Users.PROJECT;

import java.util.ArrayList;
import java.util.List;

/** What a project runs: instances, clusters and volumes. */
final class InstanceSteps {
  private static final String INSTANCES = "/api/v1/projects/{project}/instances";
  private static final String INSTANCE = INSTANCES + "/{instance}";
  private static final String VOLUMES = "/api/v1/projects/{project}/volumes";
  private static final String OTHER = "sk-hynix.physicsnemo-design";

  private final Tour tour;
  private String first = "";
  private String billed = "";
  private String cluster = "";

  InstanceSteps(Tour tour) {
    this.tour = tour;
  }

  /** What stays until the end, for a bill. */
  String billed() {
    return billed;
  }

  void walk() {
    for (String site : List.of("kr-seoul-gasan", "kr-ulsan-1", "kr-cheongju-1", "kr-pangyo-1")) {
      tour.await(ADMIN, "/api/v1/admin/sites/%s/setup".formatted(site), "/driver", "simulated");
    }
    tour.send("POST /api/v1/projects/{project}/placements", OPERATOR, PROJECT);
    var created = tour.send("POST " + INSTANCES, OPERATOR, PROJECT);
    first = created.path("id").asText();
    tour.known().learn("/api/v1/operations/{operation}", created.path("operation").asText());
    billed =
        tour.prepare(
                "POST " + INSTANCES,
                OPERATOR,
                """
                {"name": "billed", "instanceType": "b200.8x", "site": "kr-cheongju-1",
                 "userData": "#cloud-config"}""",
                PROJECT)
            .path("id")
            .asText();
    cluster =
        tour.send("POST /api/v1/projects/{project}/clusters", OPERATOR, PROJECT)
            .path("id")
            .asText();
    becomes(PROJECT, first, "RUNNING");
    becomes(PROJECT, billed, "RUNNING");
    tour.send("PATCH " + INSTANCE, OPERATOR, PROJECT, first);
    tour.send("PUT " + INSTANCE + "/allow-list", OPERATOR, PROJECT, first);
    String volume = tour.send("POST " + VOLUMES, OPERATOR, PROJECT).path("id").asText();
    tour.send("POST " + VOLUMES + "/{volume}/attach", OPERATOR, PROJECT, volume);
    tour.send("POST " + INSTANCE + "/resize", OPERATOR, PROJECT, first);
    becomes(PROJECT, first, "RUNNING");
    tour.known().learn(INSTANCE, PROJECT, billed);
  }

  /** Leaves nothing running. */
  void end() {
    tour.prepare("POST " + INSTANCE + "/stop", OPERATOR, "", PROJECT, first);
    becomes(PROJECT, first, "STOPPED");
    tour.send("POST " + INSTANCE + "/move", OPERATOR, PROJECT, first);
    delete("/api/v1/projects/%s/clusters/%s".formatted(PROJECT, cluster));
    for (String path : running()) {
      delete(path);
    }
    for (String path : running()) {
      tour.await(OPERATOR, path, "/state", "DELETED");
    }
  }

  private List<String> running() {
    List<String> paths = new ArrayList<>();
    for (String project : List.of(PROJECT, OTHER)) {
      String list = "/api/v1/projects/" + project + "/instances";
      tour.get(OPERATOR, list)
          .path("items")
          .forEach(
              item -> {
                if (!item.path("state").asText().equals("DELETED")) {
                  paths.add(list + "/" + item.path("id").asText());
                }
              });
    }
    return paths;
  }

  private void delete(String path) {
    tour.delete(OPERATOR, path);
  }

  private void becomes(String project, String id, String state) {
    tour.await(
        OPERATOR, "/api/v1/projects/%s/instances/%s".formatted(project, id), "/state", state);
  }
}
