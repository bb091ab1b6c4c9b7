package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.layout.Ports;
import dev.gpucloud.devstack.layout.StackProblem;
import dev.gpucloud.devstack.process.PortUser;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the ports of a stack that somebody else listens on, and says who, as far as the kernel
 * tells.
 */
final class PortCheck {
  private static final int STEP = 1000;

  private final Ports ports;

  PortCheck(Ports ports) {
    this.ports = ports;
  }

  void requireFree() {
    List<String> taken = new ArrayList<>();
    ports
        .byName()
        .forEach(
            (name, port) -> {
              if (!Ports.isFree(port)) {
                taken.add(
                    "  port %d (%s) is used by %s"
                        .formatted(port, name, PortUser.find(port).orElse("another process")));
              }
            });
    if (!taken.isEmpty()) {
      throw new StackProblem(
          StackProblem.PORT_TAKEN,
          message(taken, ports.control() - Ports.withOffset(0).control() + STEP));
    }
  }

  static String message(List<String> taken, int otherOffset) {
    return (taken.size() == 1 ? "A port is" : "Some ports are")
        + " taken:\n"
        + String.join("\n", taken)
        + "\nEnd what uses them, or move the whole stack to other ports:\n  GPUCLOUD_PORT_OFFSET="
        + otherOffset
        + " ./gpucloud up";
  }
}
