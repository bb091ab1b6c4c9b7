package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters, room for them, operations, events, and the way into an instance. */
class ClusterCommandsTest {
  private static final String PROJECT = "/api/v1/projects/sk-hynix.fab/";
  private static final String CLUSTER =
      """
      {"id":"clu_1","name":"train","state":"%s","instanceType":"b200.8x","instances":16,"spares":1,
       "site":"kr-ulsan-1","instanceStates":{"RUNNING":%d}}\
      """;

  @TempDir Path folder;
  private Console console;

  @BeforeEach
  void sitDown() {
    console = new Console(folder).with("GPUCLOUD_PROJECT", "fab");
  }

  @AfterEach
  void leave() {
    console.close();
  }

  @Test
  void createsAClusterAndWaitsForAllOfIt() {
    console
        .answer("POST " + PROJECT + "clusters", 202, CLUSTER.formatted("PROVISIONING", 0))
        .answer("GET " + PROJECT + "clusters/clu_1", 200, CLUSTER.formatted("PROVISIONING", 9))
        .answer("GET " + PROJECT + "clusters/clu_1", 200, CLUSTER.formatted("RUNNING", 17));

    assertThat(
            console.line(
                "clusters create train -t b200.8x --instances 16 --spares 1 --within fabric"
                    + " --within rack:preferred --wait"))
        .isEqualTo(
            """
            NAME   STATE    TYPE     INSTANCES  SPARES  SITE        RUNNING  ID
            train  RUNNING  b200.8x         16       1  kr-ulsan-1  17       clu_1
            """);
    assertThat(console.server().apiRequests().getFirst().body())
        .isEqualTo(
            "{\"name\":\"train\",\"instanceType\":\"b200.8x\",\"instances\":16,\"spares\":1,"
                + "\"topology\":{\"within\":[{\"level\":\"FABRIC\",\"strength\":\"REQUIRED\"},"
                + "{\"level\":\"RACK\",\"strength\":\"PREFERRED\"}]}}");
    assertThat(console.errors()).isEqualTo("train  PROVISIONING  9/17\ntrain  RUNNING  17/17\n");
  }

  @Test
  void explainsWhyItWouldNotFitAndWhatWould() {
    console.answer(
        "POST " + PROJECT + "placements",
        409,
        """
        {"code":"INSUFFICIENT_CAPACITY","detail":"No room for 16 b200.8x.",
         "params":{"hosts":40,"constraints":[
             {"constraint":"MODEL","removedHosts":24},{"constraint":"FREE_GPUS","removedHosts":9}],
           "alternatives":[{"kind":"OTHER_SITE","site":"kr-incheon-1","instances":16}]}}""");

    assertThat(
            console.code(
                "clusters", "create", "a", "-t", "b200.8x", "--instances", "16", "--validate-only"))
        .isEqualTo(ExitCode.REFUSED.code());
    assertThat(console.printed())
        .isEqualTo(
            """
            INSUFFICIENT_CAPACITY: No room for 16 b200.8x.

            CONSTRAINT  HOSTS LOST
            MODEL               24
            FREE_GPUS            9

            INSTEAD     WHAT
            OTHER_SITE  site kr-incheon-1, instances 16
            """);
    assertThat(console.last().uri()).endsWith("placements?validateOnly=true");
    assertThat(
            console.code("instances", "create", "-t", "b200.8x", "--validate-only", "-o", "json"))
        .isEqualTo(ExitCode.REFUSED.code());
    assertThat(console.printed()).contains("\"fits\" : false");
  }

  @Test
  void saysWhenItWouldFitAndWhereTheTimeComesFrom() {
    console.answer(
        "POST " + PROJECT + "placements",
        409,
        """
        {"code":"INSUFFICIENT_CAPACITY","detail":"No room for 16 b200.8x.",
         "params":{"alternatives":[
           {"kind":"LATER","source":"MAINTENANCE_WINDOW","at":"2027-04-10T21:00:00Z",
            "site":"kr-ulsan-1","instances":16},
           {"kind":"LATER","source":"DELIVERY","due":"2027-06-30","delivery":"dlv-9",
            "site":"kr-ulsan-1","gpus":4096}]}}""");
    String asked = "clusters create a -t b200.8x --instances 16 --validate-only";

    console.code(asked.split(" "));
    assertThat(console.printed())
        .isEqualTo(
            """
            INSUFFICIENT_CAPACITY: No room for 16 b200.8x.

            INSTEAD  WHAT
            LATER    16 of it at kr-ulsan-1 from 2027-04-11 06:00:00 (Seoul), when maintenance ends
            LATER    4096 more GPUs at kr-ulsan-1, a delivery due 2027-06-30
            """);
    console.with("GPUCLOUD_LANG", "ko").code(asked.split(" "));
    assertThat(console.printed())
        .contains("16개, kr-ulsan-1, 2027-04-11 06:00:00(서울)부터: 유지보수가 끝남")
        .contains("GPU 4096개 더, kr-ulsan-1, 2027-06-30 입고 예정");
  }

  @Test
  void showsRoom() {
    console.answer(
        "GET /api/v1/capacity",
        200,
        """
        {"items":[{"site":"kr-ulsan-1","model":"b200","level":"LOW","hosts":40,"gpus":320,
          "gpusFree":12,"instanceTypes":[{"instanceType":"b200.8x","free":1,"largestCluster":1}]}]}""");

    assertThat(console.line("capacity --model b200"))
        .isEqualTo(
            """
            SITE        MODEL  LEVEL  HOSTS  GPUS  FREE  FITS
            kr-ulsan-1  b200   LOW       40   320    12  b200.8x 1/1
            """);
    assertThat(console.last().uri()).isEqualTo("/api/v1/capacity?model=b200&pageSize=1000");
  }

  @Test
  void worksInTheOnlyProjectThatAnApiKeyIsLimitedTo() {
    console
        .with("GPUCLOUD_PROJECT", "")
        .answer("GET /api/v1/tenants/sk-hynix/projects", 404, "{\"code\":\"NOT_FOUND\"}")
        .answer("GET /api/v1/me", 200, "{\"apiKey\":{\"projects\":[\"prj_1\"]}}")
        .answer("GET /api/v1/projects/prj_1/instances", 200, "{\"items\":[]}");

    assertThat(console.line("instances list")).startsWith("NAME");
  }

  @Test
  void listensToNoTypeThatThereIsNot() {
    console.answer(
        "GET /api/v1/events",
        400,
        """
        {"code":"INVALID_PARAMETER","status":400,
         "detail":"The parameter types cannot be used: 'nix' is no event type.",
         "params":{"parameter":"types","known":["instance.started","invoice.issued"]}}""");

    assertThat(console.code("events", "--types", "nix")).isEqualTo(ExitCode.USAGE.code());

    assertThat(console.errors())
        .startsWith(
            """
            error: INVALID_PARAMETER (400): The parameter types cannot be used: 'nix' is no event type.
              parameter: types
              known: instance.started, invoice.issued
            """);
  }

  @Test
  void waitsForAnOperationThatFails() {
    String operation =
        "{\"id\":\"op_1\",\"kind\":\"REBOOT\",\"instance\":\"ins_1\",\"state\":\"%s\"}";
    console
        .answer("GET /api/v1/operations/op_1", 200, operation.formatted("RUNNING"))
        .answer("GET /api/v1/operations/op_1", 200, operation.formatted("FAILED"));

    assertThat(console.code("operations", "wait", "op_1"))
        .isEqualTo(ExitCode.WAITED_IN_VAIN.code());
    assertThat(console.errors())
        .isEqualTo(
            """
            REBOOT ins_1  RUNNING
            REBOOT ins_1  FAILED
            error: The operation op_1 is FAILED.
            """);
    console.atATerminal("");
    assertThat(console.code("operations", "wait", "op_1"))
        .isEqualTo(ExitCode.WAITED_IN_VAIN.code());
    assertThat(console.errors()).startsWith("\r\u001b[KREBOOT ins_1  FAILED  0 s\n");
  }

  @Test
  void followsEventsOverTheEndOfAStreamAndTellsEachOnce() {
    console
        .answer("GET /api/v1/events", 200, "retry: 2000\n\n" + event(1) + event(2))
        .answer("GET /api/v1/events", 200, event(2) + ": alive\nid: 0:9\n\n" + event(3));

    assertThat(console.line("events --types instance.* --after 0:0 --limit 3"))
        .isEqualTo(
            """
            2026-11-02 09:00:00  instance.running              ins_1  RUNNING
            2026-11-02 09:00:00  instance.running              ins_2  RUNNING
            2026-11-02 09:00:00  instance.running              ins_3  RUNNING
            """);
    assertThat(console.server().apiRequests())
        .extracting(request -> request.headers().get("last-event-id"))
        .containsExactly("0:0", "0:2");
    assertThat(console.last().uri()).isEqualTo("/api/v1/events?types=instance.*");
    assertThat(console.errors()).isEqualTo("To go on after this: --after 0:3\n");
    assertThat(console.line("events --limit 1 -o json").lines()).hasSize(1);
  }

  @Test
  void anEventThatIsNoLongerKeptIsARefusal() {
    console.answer("GET /api/v1/events", 410, "{\"code\":\"GONE\",\"detail\":\"too old\"}");

    assertThat(console.code("events", "--after", "0:1")).isEqualTo(ExitCode.USAGE.code());
    assertThat(console.errors()).contains("GONE (410): too old").doesNotContain("--after");
  }

  @Test
  void anEventThatBrokeOffInTheMiddleComesAgain() {
    String half = event(2).substring(0, event(2).indexOf("data"));
    console
        .answer("GET /api/v1/events", 200, event(1) + half)
        .answer("GET /api/v1/events", 200, event(2));

    assertThat(console.line("events --limit 2")).contains("ins_1", "ins_2");
    assertThat(console.last().headers()).containsEntry("last-event-id", "0:1");
  }

  @Test
  void listensToAProjectOfItsTenant() {
    console
        .answer("GET /api/v1/tenants/sk-hynix/projects/fab", 200, "{\"id\":\"prj_1\"}")
        .answer("GET /api/v1/events", 200, event(1));

    console.line("events --project fab --limit 1");

    assertThat(console.last().uri()).isEqualTo("/api/v1/events?project=prj_1");
  }

  @Test
  void listensToNoProjectThatThereIsNot() {
    console
        .answer(
            "GET /api/v1/me",
            200,
            """
            {"memberships":[{"tenant":{"slug":"sk-hynix"}},{"tenant":{"slug":"other"}}],
             "platformRoles":[]}""")
        .answer("GET /api/v1/tenants/sk-hynix/projects/prj_9", 404, "{\"code\":\"NOT_FOUND\"}")
        .answer("GET /api/v1/tenants/other/projects/prj_9", 404, "{\"code\":\"NOT_FOUND\"}")
        .answer("GET /api/v1/tenants/other/projects/prj_1", 200, "{\"id\":\"prj_1\"}")
        .answer("GET /api/v1/tenants/sk-hynix/projects/prj_1", 404, "{\"code\":\"NOT_FOUND\"}")
        .answer("GET /api/v1/events", 200, event(1));

    assertThat(console.code("events", "--project", "prj_9", "--limit", "1")).isEqualTo(5);
    assertThat(console.errors()).startsWith("error: There is no project prj_9 here.");

    console.line("events --project prj_1 --limit 1");
    assertThat(console.last().uri()).isEqualTo("/api/v1/events?project=prj_1");
  }

  @Test
  void endsWhenNobodyReadsOn() {
    console.answer("GET /api/v1/events", 200, event(1) + event(2));
    console.answer("GET " + PROJECT + "instances", 200, "{\"items\":[]}");

    assertThat(console.codeReadOnly(1, "events")).isZero();
    assertThat(console.errors()).isEmpty();
    assertThat(console.codeReadOnly(0, "instances", "list", "--watch")).isZero();
    assertThat(console.server().apiRequests()).hasSize(2);
  }

  @Test
  void whoBreaksItOffIsToldWhereToGoOn() throws Exception {
    console.answer("GET /api/v1/events", 200, event(1));
    ProcessBuilder events =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            GpucloudCli.class.getName(),
            "events");
    events.environment().put("GPUCLOUD_SERVER", console.server().url());
    events.environment().put("GPUCLOUD_API_KEY", "gck_test");
    events.environment().put("GPUCLOUD_LANG", "en");

    Process process = events.start();
    assertThat(process.inputReader().readLine()).contains("ins_1");
    // the stream ends with the event, and the next one is asked for a second later
    while (console.server().apiRequests().size() < 2) {
      Thread.onSpinWait();
    }
    process.toHandle().destroy();

    assertThat(process.errorReader().readAllAsString())
        .isEqualTo("To go on after this: --after 0:1\n");
  }

  private static String event(int number) {
    return """
        id: 0:%1$d
        event: instance.running
        data: {"id":"e-%1$d","type":"instance.running","subject":"ins_%1$d",\
        "time":"2026-11-02T00:00:00Z","data":{"state":"RUNNING"}}

        """
        .formatted(number);
  }

  @Test
  void logsInToAnInstanceAndEndsAsSshEnds() throws IOException {
    Path ssh = folder.resolve("ssh");
    Files.writeString(ssh, "#!/bin/sh\necho \"$@\" > " + folder.resolve("said") + "\nexit 42\n");
    Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwx------"));
    console
        .with("GPUCLOUD_SSH", ssh.toString())
        .answer(
            "GET " + PROJECT + "instances/train/connect",
            200,
            "{\"address\":\"10.64.0.4\",\"port\":2222,\"user\":\"ubuntu\"}");

    assertThat(console.code("instances", "ssh", "train", "-i", "key", "--", "nvidia-smi", "-L"))
        .isEqualTo(42);
    assertThat(Files.readString(folder.resolve("said")))
        .isEqualTo("-p 2222 -i key ubuntu@10.64.0.4 nvidia-smi -L\n");

    console.with("GPUCLOUD_SSH", folder.resolve("nowhere").toString());
    assertThat(console.code("instances", "ssh", "train")).isEqualTo(ExitCode.USAGE.code());
    assertThat(console.errors()).contains("There is no program");
  }

  @Test
  void whereTheDriverGivesNoAddressTheServerSaysSo() {
    console.answer(
        "GET " + PROJECT + "instances/train/connect",
        409,
        "{\"code\":\"STATE_CONFLICT\",\"detail\":\"Its site gives no address.\"}");

    assertThat(console.code("instances", "ssh", "train")).isEqualTo(ExitCode.REFUSED.code());
    assertThat(console.errors()).contains("Its site gives no address.");
  }

  @Test
  void saysWhoMayConnect() {
    String instance = PROJECT + "instances/train";
    console
        .answer("GET " + instance, 200, "{\"id\":\"ins_1\"}", "ETag", "\"4\"")
        .answer("PUT " + instance + "/allow-list", 200, "{\"loginUser\":\"ubuntu\"}");

    console.line("instances allow train --rule tcp:22:203.0.113.0/24 --rule udp:1-9:0.0.0.0/0");
    assertThat(console.last().headers()).containsEntry("if-match", "\"4\"");
    assertThat(console.last().body())
        .isEqualTo(
            "{\"rules\":[{\"protocol\":\"tcp\",\"fromPort\":22,\"cidr\":\"203.0.113.0/24\"},"
                + "{\"protocol\":\"udp\",\"fromPort\":1,\"toPort\":9,\"cidr\":\"0.0.0.0/0\"}]}");
    console.line("instances allow train --rule none");
    assertThat(console.last().body()).isEqualTo("{\"rules\":[]}");
    assertThat(console.code("instances", "allow", "train", "--rule", "ssh"))
        .isEqualTo(ExitCode.USAGE.code());
  }
}
