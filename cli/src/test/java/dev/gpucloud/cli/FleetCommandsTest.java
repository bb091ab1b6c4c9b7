package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the platform's people run the fleet. */
class FleetCommandsTest {
  private static final String ADMIN = "/api/v1/admin/";
  private static final String HOST =
      """
      {"id":"hst_1","name":"h1-n01","state":"%s","model":"b200","gpus":8,"gpusFree":6,
       "site":"kr-ulsan-1","rack":"h1-r01","lastSeenAt":"2026-11-02T00:00:00Z","version":3}\
      """;

  @TempDir Path folder;
  private Console console;

  @BeforeEach
  void sitDown() {
    console = new Console(folder);
  }

  @AfterEach
  void leave() {
    console.close();
  }

  @Test
  void listsHostsByTheirFilters() {
    console.answer("GET " + ADMIN + "hosts", 200, "{\"items\":[" + HOST.formatted("ACTIVE") + "]}");

    assertThat(console.line("fleet hosts list --site kr-ulsan-1 --state active --label row=4"))
        .isEqualTo(
            """
            HOST    STATE   MODEL  FREE  GPUS  SITE        RACK
            h1-n01  ACTIVE  b200      6     8  kr-ulsan-1  h1-r01
            """);
    assertThat(console.last().uri())
        .isEqualTo(ADMIN + "hosts?site=kr-ulsan-1&state=ACTIVE&label=row%3D4&pageSize=1000");
    assertThat(console.line("fleet hosts list -o csv")).startsWith("id,name,state,model,gpus,");
  }

  @Test
  void showsEverythingOfOneHost() {
    console.answer("GET " + ADMIN + "hosts/h1-n01", 200, HOST.formatted("ACTIVE"));

    assertThat(console.line("fleet hosts show h1-n01"))
        .contains("gpusFree    6\n")
        .contains("lastSeenAt  2026-11-02 09:00:00\n");
  }

  @Test
  void drainsTheHostThatItHasSeenByADeadline() {
    console
        .answer("GET " + ADMIN + "hosts/h1-n01", 200, HOST.formatted("ACTIVE"), "ETag", "\"3\"")
        .answer("POST " + ADMIN + "hosts/h1-n01/drain", 200, "{\"state\":\"DRAINING\"}");

    assertThat(
            console.run(
                "fleet",
                "hosts",
                "drain",
                "h1-n01",
                "--deadline",
                "2h",
                "--goal",
                "maintenance",
                "--reason",
                "NVLink bridge",
                "--yes",
                "--idempotency-key",
                "k-1"))
        .isEqualTo("FIELD  VALUE\nstate  DRAINING\n");
    assertThat(console.last().headers())
        .containsEntry("if-match", "\"3\"")
        .containsEntry("idempotency-key", "k-1");
    assertThat(console.last().body())
        .isEqualTo(
            "{\"deadline\":\"2026-11-02T02:00:00Z\",\"goal\":\"MAINTENANCE\","
                + "\"reason\":\"NVLink bridge\"}");
  }

  @Test
  void whatCannotBeUndoneNeedsAYes() {
    assertThat(console.code("fleet", "hosts", "retire", "h1-n01", "--reason", "old"))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(console.errors())
        .isEqualTo(
            """
            error: This cannot be undone, and nobody is there to ask.
              what to do: say --yes
            """);
    assertThat(console.server().apiRequests()).isEmpty();

    console.atATerminal("n\n");
    assertThat(console.code("fleet", "hosts", "retire", "h1-n01", "--reason", "old"))
        .isEqualTo(ExitCode.REFUSED.code());
    assertThat(console.errors())
        .startsWith("Take h1-n01 out of the fleet for ever? [y/N] ")
        .contains("Nothing was done.");

    console
        .atATerminal("y\n")
        .answer("GET " + ADMIN + "hosts/h1-n01", 200, HOST.formatted("ACTIVE"))
        .answer("POST " + ADMIN + "hosts/h1-n01/retire", 200, HOST.formatted("RETIRED"));
    assertThat(console.line("fleet hosts retire h1-n01 --reason old")).contains("RETIRED");
  }

  @Test
  void aMissingOrWrongOptionIsNamedWithAnExample() {
    assertThat(console.code("fleet", "hosts", "drain", "h1-n01", "--reason", "x", "--yes"))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(console.errors())
        .contains("Missing required option: '--deadline=TIME'")
        .contains(
            "example: gpucloud fleet hosts drain ulsan-h1-r01-n01 --deadline 2h"
                + " --reason \"planned work\"");

    assertThat(
            console.code(
                "fleet", "hosts", "drain", "h", "--deadline", "soon", "--reason", "x", "--yes"))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(console.errors())
        .isEqualTo(
            """
            error: --deadline cannot be 'soon'.
              example: --deadline 2h
            """);
  }

  @Test
  void aProblemOfTheServerNamesFieldAndWayOut() {
    console.answer("GET " + ADMIN + "hosts/h1-n01", 200, HOST.formatted("ACTIVE"), "ETag", "\"3\"");
    console.answer(
        "POST " + ADMIN + "hosts/h1-n01/cordon",
        400,
        """
        {"code":"VALIDATION_FAILED","detail":"1 field is not valid.",
         "errors":[{"pointer":"/reason","detail":"must be at most 500 characters"}]}""");

    assertThat(console.code("fleet", "hosts", "cordon", "h1-n01", "--reason", "long"))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(console.errors()).contains("/reason: must be at most 500 characters");
  }

  @Test
  void acceptsADeliveryWithoutAHost() {
    console
        .answer("GET " + ADMIN + "deliveries/d-1", 200, "{\"id\":\"d-1\"}", "ETag", "\"5\"")
        .answer("POST " + ADMIN + "deliveries/d-1/accept", 200, "{\"state\":\"ACCEPTED\"}");

    console.line("fleet deliveries accept d-1 --waive n07=broken --reason tested");

    assertThat(console.last().body())
        .isEqualTo("{\"waived\":[{\"host\":\"n07\",\"reason\":\"broken\"}],\"reason\":\"tested\"}");
    assertThat(
            console.code("fleet", "deliveries", "accept", "d-1", "--waive", "n07", "--reason", "x"))
        .isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void announcesTheHostsOfAFile() throws Exception {
    Files.writeString(folder.resolve("hosts.yaml"), "hosts:\n  - serial: S1\n    rack: r1\n");
    console
        .answer("GET " + ADMIN + "deliveries/d-1", 200, "{\"id\":\"d-1\"}", "ETag", "\"5\"")
        .answer("POST " + ADMIN + "deliveries/d-1/announce", 200, "{\"state\":\"ORDERED\"}");

    console.line("fleet deliveries announce d-1 -f hosts.yaml --reason list");

    assertThat(console.last().body())
        .isEqualTo("{\"hosts\":[{\"serial\":\"S1\",\"rack\":\"r1\"}],\"reason\":\"list\"}");
  }

  @Test
  void importsAFileAsWhatItIs() throws Exception {
    Files.writeString(folder.resolve("hosts.csv"), "delivery,serial\nd-1,S1\n");
    console.answer("POST " + ADMIN + "imports/fleet", 200, "{\"changed\":{\"hosts\":1}}");

    assertThat(console.line("fleet import hosts.csv --validate-only"))
        .isEqualTo("FIELD          VALUE\nchanged.hosts  1\n");
    assertThat(console.last().headers()).containsEntry("content-type", "text/csv");
    assertThat(console.last().uri()).endsWith("?validateOnly=true");
  }

  @Test
  void waitsForAStateAndSaysWhatItSaw() {
    console
        .answer("GET " + ADMIN + "hosts/h1-n01", 200, HOST.formatted("DRAINING"))
        .answer("GET " + ADMIN + "hosts/h1-n01", 200, HOST.formatted("MAINTENANCE"));

    assertThat(console.line("fleet hosts wait h1-n01 --for maintenance")).contains("MAINTENANCE");
    assertThat(console.errors()).isEqualTo("h1-n01  DRAINING\nh1-n01  MAINTENANCE\n");

    assertThat(
            console.code("fleet", "hosts", "wait", "h1-n01", "--for", "ACTIVE", "--timeout", "0"))
        .isEqualTo(ExitCode.WAITED_IN_VAIN.code());
    assertThat(console.errors())
        .endsWith(
            """
            error: h1-n01 is MAINTENANCE, not ACTIVE.
              The time to wait is over after 0 s.
            """);
    assertThat(console.code("fleet", "hosts", "wait", "h9", "--for", "ACTIVE"))
        .isEqualTo(ExitCode.NOT_FOUND.code());
  }

  @Test
  void doesNotWaitForAStateThatThereIsNot() {
    assertThat(console.code("fleet", "hosts", "wait", "h1-n01", "--for", "nix"))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(console.errors())
        .isEqualTo(
            """
            error: NIX is no state that can be waited for.
              known states: EXPECTED, DISCOVERED, ACCEPTING, ACTIVE, CORDONED, DRAINING, MAINTENANCE, QUARANTINED, RETIRED
            """);
    assertThat(console.server().apiRequests()).isEmpty();
  }

  @Test
  void watchesUntilItIsRefusedAndPrintsWhatChanged() {
    String list = "GET " + ADMIN + "hosts";
    String active = "{\"items\":[" + HOST.formatted("ACTIVE") + "]}";
    console
        .answer(list, 200, active)
        .answer(list, 200, active)
        .answer(list, 200, "{\"items\":[" + HOST.formatted("DRAINING") + "]}")
        .answer(list, 403, "{\"code\":\"FORBIDDEN\"}");

    assertThat(console.code("fleet", "hosts", "list", "--watch", "0.2"))
        .isEqualTo(ExitCode.FORBIDDEN.code());
    assertThat(console.printed().lines().filter(line -> line.startsWith("h1-n01")))
        .hasSize(2)
        .last()
        .asString()
        .contains("DRAINING");
    assertThat(console.code("fleet", "hosts", "list", "--watch", "0"))
        .isEqualTo(ExitCode.USAGE.code());
  }
}
