package dev.gpucloud.contracts.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyActionsTest {
  @ParameterizedTest
  @CsvSource({
    "projects.instances.create, projects.instances.create, true",
    "projects.instances.create, projects.instances.start, false",
    "projects.instances.*, projects.instances.start, true",
    "projects.instances.*, projects.instances, false",
    "projects.*, projects.instances.start, true",
    "*.read, tenants.usage.read, true",
    "*.read, tenants.usage.set, false",
    "*.read, read, false",
    "*, tenants.usage.set, true",
    "*.instances.*, projects.instances.create, true",
    "*.instances.*, projects.clusters.create, false",
    "projects.*.create, projects.instances.volumes.create, true"
  })
  void aStarIsOneOrMoreWords(String pattern, String action, boolean allowed) {
    assertThat(new KeyActions(Set.of(pattern)).allow(action)).isEqualTo(allowed);
  }

  @Test
  void whoNamesNoneNamesAll() {
    assertThat(KeyActions.ALL.allow("tenants.usage.set")).isTrue();
  }

  @Test
  void aRefusalNamesTheActionAndThoseThatAreAllowed() {
    KeyActions actions = new KeyActions(Set.of("tenants.usage.read", "projects.*"));
    actions.require("projects.instances.create");

    assertThatThrownBy(() -> actions.require("events.read"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> {
              assertThat(problem.type()).isEqualTo(ProblemType.FORBIDDEN);
              assertThat(problem.params())
                  .containsEntry("action", "events.read")
                  .containsEntry("allowedActions", List.of("projects.*", "tenants.usage.read"));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "*.read", "projects.instances.create", "a1.b-2"})
  void actionsAreNamed(String pattern) {
    assertThat(KeyActions.refusal(pattern)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "a", "a.", ".a", "a..b", "A.read", "a*", "a b", "**", "instances:read"})
  void whatIsNoNameIsRefused(String pattern) {
    assertThat(KeyActions.refusal(pattern)).isPresent();
  }
}
