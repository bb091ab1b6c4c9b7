package dev.gpucloud.devstack.demo;

import dev.gpucloud.cli.CliException;
import dev.gpucloud.cli.ExitCode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The steps of the story, in order; {@code --kill} names one of them. */
enum DemoStep {
  /** Tokens for the operator, finance and the approver. */
  LOGIN,
  /** The operator looks at types, prices and availability. */
  CATALOGUE,
  /** The business clock is frozen and goes to the month to bill. */
  CLOCK,
  /** The instances are asked for. */
  CREATE,
  /** Their hosts boot them. */
  BOOT,
  /** The first half of the hours passes. */
  RUN,
  /** The first instance is stopped. */
  STOP,
  /** The second half passes for the others. */
  REST,
  /** All are deleted. */
  DELETE,
  /** The clock passes the end of the month. */
  MONTH_END,
  /** Billing has metered everything. */
  METER,
  /** Finance makes the draft. */
  DRAFT,
  /** Finance reviews and submits it. */
  REVIEW,
  /** A second person approves. */
  APPROVE,
  /** Finance issues the invoice. */
  ISSUE,
  /** The invoice is recomputed from the exports. */
  VERIFY;

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static DemoStep parse(String label) {
    return Arrays.stream(values())
        .filter(step -> step.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new CliException(
                    ExitCode.USAGE,
                    "The demo has no step '" + label + "'.",
                    "valid steps: "
                        + Arrays.stream(values())
                            .map(DemoStep::label)
                            .collect(Collectors.joining(", "))));
  }
}
