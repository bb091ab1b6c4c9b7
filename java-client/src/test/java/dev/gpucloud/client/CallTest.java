package dev.gpucloud.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.client.api.InstancesApi;
import dev.gpucloud.client.api.ProjectsApi;
import dev.gpucloud.client.model.CreateInstanceRequest;
import dev.gpucloud.client.model.InstanceView;
import dev.gpucloud.client.model.PageProjectView;
import dev.gpucloud.client.model.PatchProject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is generated asks as the document says, and keeps what a newer server tells. */
class CallTest {

  @Test
  void fillsThePathAndTheQueryEscaped() {
    var call = InstancesApi.instanceResourceList("a/b c").state("RUNNING").pageSize(5);

    assertThat(call)
        .hasToString("GET /api/v1/projects/a%2Fb%20c/instances?state=RUNNING&pageSize=5");
  }

  @Test
  void leavesOutOfTheQueryWhatIsNotSaid() {
    assertThat(InstancesApi.instanceResourceList("p").state(null).target()).doesNotContain("?");
  }

  @Test
  void saysInABodyWhatWasSetAndNoMore() {
    CreateInstanceRequest body =
        new CreateInstanceRequest()
            .name("trainer-1")
            .instanceType("b200.1x")
            .site(null)
            .labels(Map.of("run", "7"))
            .sshKeys(List.of("ssh-ed25519 AAAA"));

    assertThat(body)
        .hasToString(
            "{\"name\":\"trainer-1\",\"instanceType\":\"b200.1x\",\"labels\":{\"run\":\"7\"},"
                + "\"sshKeys\":[\"ssh-ed25519 AAAA\"]}");
  }

  @Test
  void aPatchTakesAwayByNull() {
    assertThat(new PatchProject().costCenterNone()).hasToString("{\"costCenter\":null}");
  }

  @Test
  void readsTypedFieldsAndKeepsThoseItDoesNotKnow() {
    PageProjectView page =
        ProjectsApi.projectResourceList("sk-hynix")
            .read(
                "{\"items\":[{\"slug\":\"fab\",\"version\":3,\"colour\":\"red\"}]}"
                    .getBytes(StandardCharsets.UTF_8));

    assertThat(page.items()).hasSize(1);
    assertThat(page.items().getFirst().slug()).isEqualTo("fab");
    assertThat(page.items().getFirst().version()).isEqualTo(3);
    assertThat(page.items().getFirst().json().path("colour").asText()).isEqualTo("red");
    assertThat(page.nextPageToken()).isNull();
  }

  @Test
  void whatAnAnswerLeavesOutIsNull() {
    assertThat(new InstanceView().name()).isNull();
  }
}
