package dev.gpucloud.devstack.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.cli.CliContext;
import dev.gpucloud.devstack.client.StackAddress;
import dev.gpucloud.devstack.layout.Ports;
import dev.gpucloud.devstack.layout.StackHome;
import dev.gpucloud.devstack.layout.StackProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The dev stack that the commands of this process talk about. */
record Stack(Path root, StackHome home, int portOffset) {
  /** What the public command line exits with on a 409. */
  private static final int REFUSED = 6;

  static Stack of(CliContext context) {
    Map<String, String> env = context.env();
    Path root = Path.of(System.getProperty("gpucloud.root", "")).toAbsolutePath().normalize();
    String given = env.getOrDefault("GPUCLOUD_HOME", "");
    Path folder =
        (given.isBlank() ? root.resolve(".gpucloud") : Path.of(given)).toAbsolutePath().normalize();
    return new Stack(
        root,
        new StackHome(folder, folder.resolve("cache")),
        offset(env.getOrDefault("GPUCLOUD_PORT_OFFSET", "")));
  }

  /** The address of the stack while its supervisor lives. */
  Optional<StackAddress> running() {
    return StackAddress.find(home.folder()).filter(address -> address.supervisor().isPresent());
  }

  StackAddress required() {
    return running()
        .orElseThrow(
            () ->
                new StackProblem(
                    StackProblem.NOT_RUNNING,
                    "The stack is not running. Start it with ./gpucloud up."));
  }

  /** Calls the control API of the running stack. */
  String control(String method, String path, String body) {
    try {
      return required().control(method, path, body);
    } catch (StackAddress.ControlRefused e) {
      throw refused(e);
    } catch (IOException e) {
      throw new StackProblem(
          StackProblem.UNEXPECTED, "The supervisor does not do it: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackProblem(StackProblem.INTERRUPTED, "Interrupted.", e);
    }
  }

  private static StackProblem refused(StackAddress.ControlRefused refusal) {
    int exitCode = refusal.status() == 409 ? REFUSED : StackProblem.UNEXPECTED;
    try {
      String detail = new ObjectMapper().readTree(refusal.body()).path("detail").asText();
      return new StackProblem(exitCode, detail, refusal);
    } catch (JsonProcessingException _) {
      return new StackProblem(exitCode, refusal.getMessage(), refusal);
    }
  }

  private static int offset(String text) {
    if (text.isBlank()) {
      return 0;
    }
    try {
      int offset = Integer.parseInt(text.strip());
      Ports.withOffset(offset);
      return offset;
    } catch (NumberFormatException e) {
      throw new StackProblem(
          StackProblem.USAGE, "GPUCLOUD_PORT_OFFSET must be a number, not " + text + ".", e);
    }
  }
}
