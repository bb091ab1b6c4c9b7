package dev.gpucloud.cli;

import picocli.CommandLine;
import picocli.CommandLine.Spec;

/** A command that only holds others; by itself it is a wrong command line. */
abstract class CommandGroup implements Runnable {
  @Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  CommandGroup() {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand.");
  }
}
