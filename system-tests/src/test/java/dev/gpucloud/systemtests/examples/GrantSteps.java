package dev.gpucloud.systemtests.examples;

import static dev.gpucloud.systemtests.examples.Users.ADMIN;
import static dev.gpucloud.systemtests.examples.Users.APPROVER;
import static dev.gpucloud.systemtests.examples.Users.FINANCE;
import static dev.gpucloud.systemtests.examples.Users.TENANT;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A grant call from its opening to an award that is adjusted, and one more to apply to. */
final class GrantSteps {
  private static final String CALL = "/api/v1/admin/grant-calls/{call}";
  private static final String APPLICATIONS = "/api/v1/grant-calls/{call}/applications";

  private final Tour tour;
  private final World world;

  GrantSteps(Tour tour, World world) {
    this.tour = tour;
    this.world = world;
  }

  void walk() {
    String other =
        tour.prepare(
                "POST /api/v1/admin/grant-calls",
                ADMIN,
                """
                {"slug": "another-call", "name": "Another call",
                 "applyUntil": "2028-01-31T00:00:00Z", "windowStart": "2028-03-01T00:00:00Z",
                 "windowEnd": "2028-08-31T00:00:00Z", "customerSharePct": 10,
                 "pools": {"b200-sxm-180g": 64}}""")
            .path("id")
            .asText();
    tour.send(
        "POST /api/v1/tenants/{tenant}/grant-calls/{call}/applications",
        "sk-hynix-owner",
        TENANT,
        other);
    String call = tour.send("POST /api/v1/admin/grant-calls", ADMIN).path("id").asText();
    tour.send("PATCH " + CALL, ADMIN, call);
    tour.send(
        "PUT /api/v1/admin/grant-calls/{call}/reviewers/{subject}",
        ADMIN,
        call,
        world.subject(APPROVER));
    String application = tour.send("POST " + APPLICATIONS, FINANCE, call).path("id").asText();
    tour.send("POST " + APPLICATIONS + "/{application}/reviews", APPROVER, call, application);
    tour.send("POST /api/v1/admin/grant-applications/{application}/link", ADMIN, application);
    awards(call);
  }

  /** Applications end by the clock; then there is something to adjust. */
  private void awards(String call) {
    Instant end = world.now().plus(Duration.ofMinutes(10)).truncatedTo(ChronoUnit.SECONDS);
    tour.prepare("PATCH " + CALL, ADMIN, "{\"applyUntil\": \"%s\"}".formatted(end), call);
    world.advanceTo(end.plusSeconds(1));
    tour.prepare("POST " + CALL + "/propose", ADMIN, "", call);
    String award =
        tour.get(ADMIN, "/api/v1/admin/grant-calls/" + call + "/awards").at("/items/0/id").asText();
    tour.send("PUT /api/v1/admin/grant-awards/{award}", ADMIN, award);
  }
}
