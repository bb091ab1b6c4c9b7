package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.client.SupervisorEvent;
import java.io.PrintStream;
import java.time.Duration;

/** Tells the launcher what happens; a launcher that has gone is no error. */
final class Reporter {
  private final PrintStream launcher;

  Reporter(PrintStream launcher) {
    this.launcher = launcher;
  }

  void started(String step) {
    tell(new SupervisorEvent.StepStarted(step, ""));
  }

  void note(String step, String note) {
    tell(new SupervisorEvent.StepStarted(step, note));
  }

  void done(String step, Duration took) {
    tell(new SupervisorEvent.StepDone(step, took, ""));
  }

  synchronized void tell(SupervisorEvent event) {
    launcher.println(event.toLine());
    launcher.flush();
  }
}
