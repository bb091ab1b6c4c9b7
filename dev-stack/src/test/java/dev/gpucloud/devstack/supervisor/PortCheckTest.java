package dev.gpucloud.devstack.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.devstack.layout.Ports;
import dev.gpucloud.devstack.layout.StackProblem;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortCheckTest {

  @Test
  void namesThePortItsPurposeWhoHasItAndTheWayOut() throws Exception {
    Ports ports = Ports.free();
    try (ServerSocket taken =
        new ServerSocket(ports.keycloak(), 1, InetAddress.getLoopbackAddress())) {

      assertThatThrownBy(() -> new PortCheck(ports).requireFree())
          .isInstanceOfSatisfying(
              StackProblem.class, e -> assertThat(e.exitCode()).isEqualTo(StackProblem.PORT_TAKEN))
          .hasMessageStartingWith("A port is taken:")
          .hasMessageContaining("port " + taken.getLocalPort() + " (keycloak) is used by java (pid")
          .hasMessageContaining("pid " + ProcessHandle.current().pid())
          .hasMessageContaining(
              "GPUCLOUD_PORT_OFFSET=" + (ports.control() - 8079 + 1000) + " ./gpucloud up");
    }
  }

  @Test
  void acceptsPortsThatNobodyUses() {
    assertThatCode(() -> new PortCheck(Ports.free()).requireFree()).doesNotThrowAnyException();
  }

  @Test
  void offsetMovesEveryPort() {
    assertThat(Ports.withOffset(1000).byName())
        .containsEntry("gateway", 9080)
        .containsEntry("postgresql", 9432)
        .containsEntry("supervisor", 9079)
        .hasSize(12);
  }

  @Test
  void offsetOutOfRangeIsRefused() {
    assertThatThrownBy(() -> Ports.withOffset(60_000)).isInstanceOf(StackProblem.class);
    assertThatThrownBy(() -> Ports.withOffset(-1)).isInstanceOf(StackProblem.class);
  }
}
