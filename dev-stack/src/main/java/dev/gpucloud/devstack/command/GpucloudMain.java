package dev.gpucloud.devstack.command;

import dev.gpucloud.cli.CliContext;
import dev.gpucloud.cli.GpucloudCli;
import dev.gpucloud.devstack.demo.DemoCommand;
import java.util.LinkedHashMap;
import java.util.Map;
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
    Map<String, CommandLine> others = new LinkedHashMap<>(line.getSubcommands());
    others.keySet().forEach(line.getCommandSpec()::removeSubcommand);
    line.addSubcommand(new UpCommand(context));
    line.addSubcommand(new DemoCommand(context));
    line.addSubcommand(new StatusCommand(context));
    line.addSubcommand(new LogsCommand(context));
    line.addSubcommand(new ClockCommand(context));
    line.addSubcommand(new DownCommand(context));
    line.addSubcommand(new ResetCommand(context));
    others.forEach(line::addSubcommand);
    return line;
  }
}
