package dev.gpucloud.tenant.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownActionsTest {
  private final KnownActions known = new KnownActions();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "projects.instances.create",
        "projects.instances.*",
        "*.read",
        "*",
        "tenants.members.read",
        "events.read",
        "tenants.usage.read"
      })
  void takesWhatSomeEndpointOfSomeServiceHas(String pattern) {
    assertThat(known.refusal(pattern)).isEmpty();
  }

  @Test
  void namesTheNearestOfWhatNoEndpointHas() {
    assertThat(known.refusal("projects.nonsense.create").orElseThrow())
        .startsWith("no endpoint that takes API keys has such an action; the nearest are projects.")
        .contains("projects.instances.create");
    assertThat(known.refusal("projects.instance.*")).isPresent();
    assertThat(known.refusal("projects.instances.crate").orElseThrow())
        .contains("the nearest are projects.instances.create, ");
  }

  @Test
  void refusesWhatNoKeyMayDo() {
    assertThat(known.refusal("admin.tenants.create")).isPresent();
    assertThat(known.refusal("tenants.api-keys.create")).isPresent();
  }

  @Test
  void saysWhatTheAuditLogsNameIsForKeys() {
    assertThat(known.refusal("instance.create").orElseThrow())
        .isEqualTo("is what the audit log says; for keys it is projects.instances.create");
  }

  @Test
  void refusesWhatIsNoPatternAsBefore() {
    assertThat(known.refusal("Instances:read").orElseThrow()).startsWith("expected two or more");
  }
}
