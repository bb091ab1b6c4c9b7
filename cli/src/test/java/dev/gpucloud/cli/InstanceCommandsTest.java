package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Instances, volumes and images: what is printed, sent and waited for. */
class InstanceCommandsTest extends AtACommandLine {
  @Test
  void printsInstancesAsAnAlignedTable() {
    loggedIn();
    server.answer(
        "GET " + INSTANCES,
        200,
        "{\"items\":[%s,{\"id\":\"ins_2\",\"name\":\"학습\",\"state\":\"PROVISIONING\",\"instanceType\":\"b200.mig-1g\",\"gpus\":0,\"site\":\"kr-seoul-gasan\",\"createdAt\":\"2026-11-02T15:30:00Z\"}]}"
            .formatted(RUNNING));
    assertThat(run("instances", "list")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            NAME   STATE         TYPE           GPUS  SITE            CREATED (SEOUL)      ID
            train  RUNNING       b200.8x           8  kr-ulsan-1      2026-11-02 09:00:00  ins_1
            학습   PROVISIONING  b200.mig-1g  MIG 1g  kr-seoul-gasan  2026-11-03 00:30:00  ins_2
            """);
  }

  @Test
  void followsPageTokens() {
    loggedIn();
    server
        .answer("GET " + INSTANCES, 200, "{\"items\":[" + RUNNING + "],\"nextPageToken\":\"a/b\"}")
        .answer("GET " + INSTANCES, 200, "{\"items\":[" + RUNNING + "],\"nextPageToken\":null}");
    assertThat(run("instances", "list")).isZero();
    assertThat(out.toString().lines()).hasSize(3);
    assertThat(server.last().uri()).endsWith("?pageSize=1000&pageToken=a%2Fb");
  }

  @Test
  void printsJsonAndYaml() {
    loggedIn();
    server.answer(
        "GET " + INSTANCES + "/ins_1", 200, "{\"id\":\"ins_1\",\"price\":\"0012\",\"gpus\":8}");
    assertThat(run("instances", "show", "ins_1", "-o", "json")).isZero();
    assertThat(out.toString())
        .isEqualTo("{\n  \"id\" : \"ins_1\",\n  \"price\" : \"0012\",\n  \"gpus\" : 8\n}\n");
    out.getBuffer().setLength(0);
    assertThat(run("instances", "show", "ins_1", "-o", "YAML")).isZero();
    assertThat(out.toString()).isEqualTo("id: ins_1\nprice: \"0012\"\ngpus: 8\n");
  }

  @Test
  void createsSeveralInstancesEachWithItsOwnKey() {
    loggedIn();
    server.answer("POST " + INSTANCES, 202, RUNNING);
    int code =
        run(
            "instances",
            "create",
            "-t",
            "b200.8x",
            "-n",
            "train",
            "--count",
            "2",
            "--site",
            "kr-ulsan-1",
            "--idempotency-key",
            "k");
    assertThat(code).as(err.toString()).isZero();
    List<FakeServer.Request> sent = server.apiRequests();
    assertThat(sent).hasSize(2);
    assertThat(sent.get(0).body())
        .isEqualTo("{\"name\":\"train-1\",\"instanceType\":\"b200.8x\",\"site\":\"kr-ulsan-1\"}");
    assertThat(sent.get(1).body()).contains("train-2");
    assertThat(sent.stream().map(r -> r.headers().get("idempotency-key")))
        .containsExactly("k-1", "k-2");
  }

  @Test
  void repeatsACreateWithTheSameKeyWhileItsServiceIsAway() {
    loggedIn();
    server
        .answer("POST " + INSTANCES, 503, "{\"code\":\"UPSTREAM_UNAVAILABLE\"}")
        .answer("POST " + INSTANCES, 202, RUNNING);
    assertThat(run("instances", "create", "-t", "b200.8x")).as(err.toString()).isZero();
    List<FakeServer.Request> sent = server.apiRequests();
    assertThat(sent).hasSize(2);
    assertThat(sent.get(0).headers().get("idempotency-key"))
        .isNotBlank()
        .isEqualTo(sent.get(1).headers().get("idempotency-key"));
    assertThat(sent.get(0).body()).isEqualTo(sent.get(1).body());
  }

  @Test
  void waitsUntilAnInstanceRuns() {
    loggedIn();
    server.answer("POST " + INSTANCES, 202, RUNNING.replace("RUNNING", "PENDING"));
    server
        .answer("GET " + INSTANCES + "/ins_1", 200, RUNNING.replace("RUNNING", "PENDING"))
        .answer("GET " + INSTANCES + "/ins_1", 200, RUNNING.replace("RUNNING", "PROVISIONING"))
        .answer("GET " + INSTANCES + "/ins_1", 200, RUNNING);
    assertThat(run("instances", "create", "-t", "b200.8x", "--wait")).isZero();
    assertThat(err.toString()).isEqualTo("train  PENDING\ntrain  PROVISIONING\ntrain  RUNNING\n");
    assertThat(out.toString()).contains("RUNNING");
  }

  @Test
  void stopsWaitingForAnInstanceThatFailed() {
    loggedIn();
    server.answer(
        "POST " + INSTANCES + "/ins_1/start", 202, RUNNING.replace("RUNNING", "STARTING"));
    server.answer(
        "GET " + INSTANCES + "/ins_1",
        200,
        "{\"id\":\"ins_1\",\"name\":\"train\",\"state\":\"FAILED\",\"reason\":\"BOOT_TIMEOUT\"}");
    assertThat(run("instances", "start", "ins_1", "--wait")).isEqualTo(8);
    assertThat(err.toString()).contains("ins_1 is FAILED, not RUNNING.").contains("BOOT_TIMEOUT");
  }

  @Test
  void givesAnInstanceImageKeysAndUserData() throws IOException {
    loggedIn();
    server.answer("POST " + INSTANCES, 202, RUNNING);
    Path key = Files.writeString(folder.resolve("id.pub"), "# mine\nssh-ed25519 AAAA kim\n\n");
    Path data = Files.writeString(folder.resolve("user-data"), "#cloud-config\n");
    int code =
        run(
            "instances",
            "create",
            "-t",
            "b200.8x",
            "-n",
            "train",
            "--image",
            "rocky-9-cuda-13",
            "--ssh-key",
            key.toString(),
            "--user-data",
            data.toString(),
            "--boot-volume",
            "100",
            "--volume",
            "data=500",
            "--volume",
            "scratch=20");
    assertThat(code).as(err.toString()).isZero();
    assertThat(server.apiRequests().getFirst().body())
        .isEqualTo(
            "{\"name\":\"train\",\"instanceType\":\"b200.8x\",\"image\":\"rocky-9-cuda-13\",\"sshKeys\":[\"ssh-ed25519"
                + " AAAA kim\"],\"userDataBase64\":\"I2Nsb3VkLWNvbmZpZwo=\",\"bootVolumeGib\":100,"
                + "\"volumes\":[{\"name\":\"data\",\"sizeGib\":500},{\"name\":\"scratch\",\"sizeGib\":20}]}");
  }

  @Test
  void neverSendsAPrivateKey() throws IOException {
    loggedIn();
    Path key =
        Files.writeString(folder.resolve("id"), "-----BEGIN OPENSSH " + "PRIVATE KEY-----\n");
    assertThat(run("instances", "create", "-t", "b200.8x", "--ssh-key", key.toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("is a private key").contains("id.pub");
    assertThat(run("instances", "create", "-t", "x", "--user-data", "/nowhere")).isEqualTo(2);
    assertThat(server.apiRequests()).isEmpty();
  }

  @Test
  void rebootsAndWaitsForTheOperation() {
    loggedIn();
    String asked = RUNNING.replace("{\"id\"", "{\"operation\":\"op_1\",\"id\"");
    server
        .answer("POST " + INSTANCES + "/train/reboot", 202, asked)
        .answer("GET /api/v1/operations/op_1", 200, "{\"state\":\"RUNNING\"}")
        .answer("GET /api/v1/operations/op_1", 200, "{\"state\":\"SUCCEEDED\"}")
        .answer("GET " + INSTANCES + "/ins_1", 200, RUNNING);
    assertThat(run("instances", "reboot", "train", "--wait")).as(err.toString()).isZero();
    assertThat(server.apiRequests()).hasSize(4);
  }

  @Test
  void saysWhyAResizeCameToNothing() {
    loggedIn();
    String asked = RUNNING.replace("{\"id\"", "{\"operation\":\"op_1\",\"id\"");
    server
        .answer("POST " + INSTANCES + "/train/resize", 202, asked)
        .answer("GET /api/v1/operations/op_1", 200, "{\"state\":\"FAILED\",\"reason\":\"XID_79\"}");
    assertThat(run("instances", "resize", "train", "-t", "b200.4x", "--wait")).isEqualTo(8);
    assertThat(server.apiRequests().getFirst().body()).isEqualTo("{\"instanceType\":\"b200.4x\"}");
    assertThat(err.toString()).contains("XID_79");
  }

  @Test
  void movesAndTellsHowToReach() {
    loggedIn();
    server
        .answer("POST " + INSTANCES + "/train/move", 200, RUNNING)
        .answer(
            "GET " + INSTANCES + "/train/connect",
            200,
            "{\"command\":\"ssh"
                + " ubuntu@10.64.0.4\",\"sshKeys\":[{\"fingerprint\":\"SHA256:x\",\"comment\":\"kim\"}]}")
        .answer("GET " + INSTANCES + "/train/console-log", 200, "{\"text\":\"booting\\nlogin:\"}")
        .answer(
            "GET /api/v1/images",
            200,
            "{\"items\":[{\"family\":\"ubuntu-24.04-cuda-13\",\"version\":\"20261001\",\"state\":\"ACTIVE\",\"loginUser\":\"ubuntu\",\"description\":\"Ubuntu\",\"preferred\":true}]}");
    assertThat(run("instances", "move", "train", "--to", "sk-hynix.lab"))
        .as(err.toString())
        .isZero();
    assertThat(server.apiRequests().getFirst().body()).isEqualTo("{\"project\":\"sk-hynix.lab\"}");
    assertThat(run("instances", "connect", "train")).isZero();
    assertThat(out.toString()).contains("ssh ubuntu@10.64.0.4\n  SHA256:x  kim\n");
    assertThat(run("instances", "console-log", "train")).isZero();
    assertThat(out.toString()).endsWith("booting\nlogin:\n");
    assertThat(run("images")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("ubuntu-24.04-cuda-13 (default)");
  }

  @Test
  void createsAndAttachesVolumes() {
    loggedIn();
    String volumes = "/api/v1/projects/sk-hynix.fab/volumes";
    String one =
        "{\"id\":\"vol_1\",\"name\":\"data\",\"state\":\"AVAILABLE\",\"sizeGib\":500,\"site\":\"kr-ulsan-1\"}";
    server
        .answer("POST " + volumes, 201, one)
        .answer("POST " + volumes + "/vol_1/attach", 200, one.replace("AVAILABLE", "IN_USE"))
        .answer("POST " + volumes + "/vol_1/detach", 200, one)
        .answer("DELETE " + volumes + "/vol_1", 202, one.replace("AVAILABLE", "DELETING"))
        .answer("GET " + volumes, 200, "{\"items\":[" + one + "]}");
    assertThat(run("volumes", "create", "-n", "data", "--size", "500", "--site", "kr-ulsan-1"))
        .as(err.toString())
        .isZero();
    assertThat(server.apiRequests().getFirst().body())
        .isEqualTo("{\"name\":\"data\",\"site\":\"kr-ulsan-1\",\"sizeGib\":500}");
    assertThat(run("volumes", "attach", "vol_1", "train")).isZero();
    assertThat(server.apiRequests().getLast().body())
        .isEqualTo("{\"instance\":\"train\",\"deleteOnTermination\":false}");
    assertThat(run("volumes", "detach", "vol_1")).isZero();
    assertThat(run("volumes", "list")).as(err.toString()).isZero();
    assertThat(run("volumes", "delete", "vol_1", "--yes")).isZero();
    assertThat(out.toString()).contains("IN_USE").contains("DELETING");
    assertThat(run("volumes", "create", "-n", "data")).isEqualTo(2);
  }

  @Test
  void takesAnInstanceByItsName() {
    loggedIn();
    server.answer("DELETE " + INSTANCES + "/train", 202, RUNNING.replace("RUNNING", "DELETING"));
    assertThat(run("instances", "delete", "train", "--yes")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("DELETING");
  }

  @Test
  void findsTheOnlyProjectOfTheOnlyTenant() {
    env.remove("GPUCLOUD_PROJECT");
    env.remove("GPUCLOUD_TENANT");
    loggedIn();
    server.answer(
        "GET /api/v1/me",
        200,
        "{\"memberships\":[{\"tenant\":{\"id\":\"ten_1\",\"slug\":\"sk-hynix\"},\"roles\":[\"OPERATOR\"]}]}");
    server
        .answer("GET /api/v1/tenants/sk-hynix/projects", 200, "{\"items\":[{\"slug\":\"fab\"}]}")
        .answer(
            "GET /api/v1/tenants/sk-hynix/projects",
            200,
            "{\"items\":[{\"slug\":\"fab\"},{\"slug\":\"sim\"}]}");
    server.answer("GET " + INSTANCES, 200, "{\"items\":[]}");
    assertThat(run("instances", "list")).as(err.toString()).isZero();
    assertThat(run("instances", "list")).isEqualTo(2);
    assertThat(err.toString()).contains("one of: sk-hynix.fab, sk-hynix.sim");
  }
}
