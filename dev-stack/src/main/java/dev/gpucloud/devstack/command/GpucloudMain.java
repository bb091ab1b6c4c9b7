package dev.gpucloud.devstack.command;

import dev.gpucloud.cli.CliContext;
import dev.gpucloud.cli.GpucloudCli;
import dev.gpucloud.devstack.demo.DemoCommand;
import picocli.CommandLine;

/**
 * The program behind {@code ./gpucloud}: the public command line and, beside it, the commands of
 * the dev stack.
 */
public final class GpucloudMain {
  private GpucloudMain() {}

  public static void main(String[] args) {
    CliContext context = CliContext.ofProcess();
    System.exit(GpucloudCli.execute(commandLine(context), args));
  }

  static CommandLine commandLine(CliContext context) {
    CommandLine line = GpucloudCli.commandLine(context);
    line.addSubcommand(new UpCommand(context));
    line.addSubcommand(new DownCommand(context));
    line.addSubcommand(new StatusCommand(context));
    line.addSubcommand(new LogsCommand(context));
    line.addSubcommand(new ResetCommand(context));
    line.addSubcommand(new ClockCommand(context));
    line.addSubcommand(new DemoCommand(context));
    return line;
  }
}
