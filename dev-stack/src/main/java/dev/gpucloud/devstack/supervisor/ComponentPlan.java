package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.process.ChildSpec;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How to run one component: what must be ready before, what to do first, when it counts as ready
 * and what to do then, at its first readiness of this supervisor's life.
 */
record ComponentPlan(
    String name,
    String title,
    String url,
    List<String> needs,
    Preparation preparation,
    BooleanSupplier probe,
    Action afterFirstReady,
    Duration patience) {

  /** Does what must be done before a start and says how to start. */
  @FunctionalInterface
  interface Preparation {
    ChildSpec prepare() throws Exception;
  }

  /** Work that may fail. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;

    Action NOTHING = () -> {};
  }
}
