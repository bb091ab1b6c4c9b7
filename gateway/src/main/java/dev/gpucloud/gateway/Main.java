package dev.gpucloud.gateway;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Starts the gateway, which judges addresses itself: the framework would answer those that are no
 * URI with a status alone, where a client is owed a problem.
 */
@QuarkusMain
public final class Main {
  static {
    System.setProperty("vertx.disableURIValidation", "true");
  }

  /** Runs until it is told to stop. */
  public static void main(String... args) {
    Quarkus.run(args);
  }
}
