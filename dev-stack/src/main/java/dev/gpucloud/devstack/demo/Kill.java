package dev.gpucloud.devstack.demo;

import dev.gpucloud.cli.CliException;
import dev.gpucloud.cli.ExitCode;

/** A component to kill at the start of a step. */
record Kill(String component, DemoStep step) {

  /** Reads {@code SERVICE@STEP}. */
  static Kill parse(String text) {
    int at = text.indexOf('@');
    if (at <= 0 || at == text.length() - 1) {
      throw new CliException(
          ExitCode.USAGE,
          "--kill takes SERVICE@STEP, not '" + text + "'.",
          "example: --kill inventory-service@boot");
    }
    return new Kill(text.substring(0, at), DemoStep.parse(text.substring(at + 1)));
  }
}
