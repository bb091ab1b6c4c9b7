package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.client.SupervisorEvent;
import dev.gpucloud.devstack.layout.StackProblem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The daemon behind {@code up}. Tells its launcher on standard output how the start goes, and ends
 * when standard input closes before the launcher wrote {@code detach}: so nothing is left of a
 * start that was broken off.
 */
public final class SupervisorMain {
  private SupervisorMain() {}

  public static void main(String[] args) {
    Reporter reporter = new Reporter(new PrintStream(System.out, false, StandardCharsets.UTF_8));
    Supervisor supervisor = new Supervisor(StackConfig.parse(args), reporter);
    Runtime.getRuntime().addShutdownHook(new Thread(supervisor::close, "shutdown"));
    Thread.ofPlatform().daemon().name("launcher-leash").start(SupervisorMain::holdLeash);
    try {
      supervisor.start();
      reporter.tell(new SupervisorEvent.Ready());
      supervisor.awaitEnd();
      System.exit(0);
    } catch (StackProblem e) {
      end(reporter, e.exitCode(), e.getMessage());
    } catch (InterruptedException e) {
      end(reporter, StackProblem.INTERRUPTED, "The start was interrupted.");
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
      end(reporter, StackProblem.UNEXPECTED, "The start failed: " + e);
    }
  }

  private static void end(Reporter reporter, int exitCode, String message) {
    reporter.tell(new SupervisorEvent.Failed(exitCode, message));
    System.exit(exitCode);
  }

  private static void holdLeash() {
    try {
      BufferedReader launcher =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      if ("detach".equals(launcher.readLine())) {
        return;
      }
    } catch (IOException _) {
      // the same as a launcher that has gone
    }
    System.exit(StackProblem.INTERRUPTED);
  }
}
