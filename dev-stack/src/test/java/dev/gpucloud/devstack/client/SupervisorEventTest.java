package dev.gpucloud.devstack.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SupervisorEventTest {

  static List<SupervisorEvent> events() {
    return List.of(
        new SupervisorEvent.StepStarted("Keycloak", "builds once"),
        new SupervisorEvent.StepDone("PostgreSQL", Duration.ofMillis(1234), ""),
        new SupervisorEvent.Ready(),
        new SupervisorEvent.Failed(12, "two lines\nand a \\n, a tab\t, quotes \" and 한국어"));
  }

  @ParameterizedTest
  @MethodSource("events")
  void survivesTheLineThatCarriesIt(SupervisorEvent event) {
    String line = event.toLine();

    assertThat(line).doesNotContain("\n");
    assertThat(SupervisorEvent.parse(line)).isEqualTo(event);
  }
}
