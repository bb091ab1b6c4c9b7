package dev.gpucloud.devstack.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.devstack.client.Passwords;
import dev.gpucloud.devstack.scenario.Directory;
import dev.gpucloud.devstack.scenario.Scenario;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RealmStepTest {
  private String file = "";

  @BeforeEach
  void generate() throws Exception {
    file = realm("secret of the test");
  }

  @Test
  void importsTheWholeFileIntoANewStack() {
    assertThat(RealmStep.of(null, file)).isEqualTo(RealmStep.IMPORT);
  }

  @Test
  void updatesWhatAVersionMadeThatLeftAnEmptyMark() {
    assertThat(RealmStep.of("", file)).isEqualTo(RealmStep.UPDATE);
  }

  @Test
  void updatesWhenTheFileIsAnotherThanWasImported() {
    String mark = RealmStep.markOf(file.replace("gpucloud-directory", "gpucloud-other"));

    assertThat(RealmStep.of(mark, file)).isEqualTo(RealmStep.UPDATE);
  }

  @Test
  void leavesAnUnchangedRealmAlone() throws Exception {
    String mark = RealmStep.markOf(file);

    assertThat(RealmStep.of(mark, realm("secret of the test"))).isEqualTo(RealmStep.NOTHING);
  }

  @Test
  void theMarkTellsNoPassword() {
    assertThat(RealmStep.markOf(file)).matches("[0-9a-f]{64}");
  }

  @Test
  void addsAllRolesClientsAndPeopleAndOverwritesNothing() throws Exception {
    JsonNode realm = new ObjectMapper().readTree(file);

    JsonNode addition = RealmUpdate.addition(realm);

    assertThat(addition.get("ifResourceExists").asText()).isEqualTo("SKIP");
    assertThat(addition.get("roles")).isEqualTo(realm.get("roles"));
    assertThat(addition.get("clients")).isEqualTo(realm.get("clients"));
    assertThat(addition.get("users"))
        .hasSize(4 + 7 * 3)
        .noneMatch(user -> user.get("username").asText().startsWith("service-account-"));
  }

  private static String realm(String secret) throws IOException {
    return new RealmFile(
            new Directory(
                Scenario.load(), new Passwords(secret), Map.of("gateway", "http://127.0.0.1:8080")),
            8087)
        .toJson();
  }
}
