package dev.gpucloud.systemtests.examples;

import static dev.gpucloud.systemtests.examples.Users.ADMIN;
import static dev.gpucloud.systemtests.examples.Users.OPERATOR;
import static dev.gpucloud.systemtests.examples.Users.PROJECT;

/** Sites, deliveries and hosts: what is ordered comes into service, is cared for, and leaves. */
final class FleetSteps {
  private static final String SITE = "kr-pangyo-1";
  private static final String ARRIVING = "dlv-examples";
  private static final String LATE = "dlv-examples-late";
  private static final String HOST = "/api/v1/admin/hosts/{host}";
  private static final String DELIVERY = "/api/v1/admin/deliveries/{delivery}";

  private final Tour tour;

  FleetSteps(Tour tour) {
    this.tour = tour;
  }

  void walk() {
    places();
    deliveries();
    String host =
        tour.get(ADMIN, "/api/v1/admin/hosts?delivery=" + ARRIVING).at("/items/0/id").asText();
    cares(host);
    rules();
  }

  private void places() {
    tour.send("PATCH /api/v1/admin/sites/{site}", ADMIN, SITE);
    tour.send("PATCH /api/v1/admin/halls/{hall}", ADMIN, "pangyo-h1");
    String rack = tour.get(ADMIN, "/api/v1/admin/racks?site=" + SITE).at("/items/0/id").asText();
    tour.send("PATCH /api/v1/admin/racks/{rack}", ADMIN, rack);
    tour.send("PUT /api/v1/admin/sites/{site}/setup/network", ADMIN, "kr-cheongju-1");
    tour.send(
        "PUT /api/v1/admin/images/{image}/versions/{version}",
        ADMIN,
        "ubuntu-24.04-cuda-13",
        "20261101");
    String window = tour.send("POST /api/v1/admin/maintenance-windows", ADMIN).path("id").asText();
    tour.known().learn("/api/v1/admin/maintenance-windows/{window}", window);
    tour.prepare("POST /api/v1/admin/maintenance-windows/{window}/cancel", ADMIN, "", window);
  }

  private void deliveries() {
    tour.send("POST /api/v1/admin/imports/fleet", ADMIN);
    tour.prepare("POST /api/v1/admin/imports/fleet", ADMIN, ordered(ARRIVING));
    tour.prepare("POST /api/v1/admin/imports/fleet", ADMIN, ordered(LATE));
    tour.send("POST " + DELIVERY + "/slip", ADMIN, LATE);
    tour.send("POST " + DELIVERY + "/announce", ADMIN, ARRIVING);
    tour.send("POST " + DELIVERY + "/ship", ADMIN, ARRIVING);
    tour.send("POST " + DELIVERY + "/deliver", ADMIN, ARRIVING);
    tour.await(ADMIN, "/api/v1/admin/deliveries/" + ARRIVING, "/hostsAccepted", "2");
    tour.send("POST " + DELIVERY + "/accept", ADMIN, ARRIVING);
  }

  private static String ordered(String delivery) {
    return """
        {"deliveries": [{"id": "%s", "site": "kr-pangyo-1", "hall": "pangyo-h1",
          "model": "rtxpro6000-96g", "hosts": 2, "gpusPerHost": 8, "hostsPerRack": 5,
          "racksPerFabric": 52, "due": "2027-01-15", "state": "ORDERED", "hostPowerKw": 6.5}]}"""
        .formatted(delivery);
  }

  private void cares(String host) {
    tour.send("PATCH " + HOST, ADMIN, host);
    tour.send("POST " + HOST + "/cordon", ADMIN, host);
    tour.send("POST " + HOST + "/uncordon", ADMIN, host);
    tour.send("POST " + HOST + "/drain", ADMIN, host);
    await(host, "MAINTENANCE");
    tour.send("POST " + HOST + "/end-maintenance", ADMIN, host);
    tour.send("POST " + HOST + "/quarantine", ADMIN, host);
    tour.send("POST " + HOST + "/release-quarantine", ADMIN, host);
    tour.send("POST " + HOST + "/quarantine", ADMIN, host);
    tour.send("POST " + HOST + "/reaccept", ADMIN, host);
    await(host, "ACTIVE");
    tour.send("POST " + HOST + "/acceptance/begin", ADMIN, host);
    tour.send("POST " + HOST + "/acceptance/complete", ADMIN, host);
    tour.send("POST " + HOST + "/restore-gpus", ADMIN, host);
    tour.send("POST " + HOST + "/cordon", ADMIN, host);
    tour.send("POST " + HOST + "/retire", ADMIN, host);
  }

  /** A drain is called off while something still runs there. */
  void callOffDrain(String instance) {
    String host =
        tour.get(OPERATOR, "/api/v1/projects/%s/instances/%s".formatted(PROJECT, instance))
            .path("host")
            .asText();
    tour.send("POST " + HOST + "/drain", ADMIN, host);
    tour.send("POST " + HOST + "/cancel-drain", ADMIN, host);
  }

  private void rules() {
    tour.send("PUT /api/v1/admin/fault-policies/{xid}", ADMIN, "79");
    tour.send("POST /api/v1/admin/fault-breakers/{site}/reset", ADMIN, SITE);
    tour.send("POST /api/v1/admin/discrepancies/{discrepancy}/resolve", ADMIN, "");
  }

  private void await(String host, String state) {
    tour.await(ADMIN, "/api/v1/admin/hosts/" + host, "/state", state);
  }
}
