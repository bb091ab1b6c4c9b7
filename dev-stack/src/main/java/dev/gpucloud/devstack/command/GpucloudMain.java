package dev.gpucloud.devstack.command;

import dev.gpucloud.cli.CliContext;
import dev.gpucloud.cli.GpucloudCli;
import dev.gpucloud.devstack.demo.DemoCommand;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The program behind {@code ./gpucloud}: the public command line and, beside it, the commands of
 * the dev stack.
 */
public final class GpucloudMain {
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("up", UpCommand.class);
    COMMANDS.put("demo", DemoCommand.class);
    COMMANDS.put("status", StatusCommand.class);
    COMMANDS.put("logs", LogsCommand.class);
    COMMANDS.put("clock", ClockCommand.class);
    COMMANDS.put("down", DownCommand.class);
    COMMANDS.put("reset", ResetCommand.class);
    COMMANDS.putAll(GpucloudCli.commands());
  }

  private GpucloudMain() {}

  public static void main(String[] args) {
    System.exit(execute(CliContext.ofProcess(), args));
  }

  static int execute(CliContext context, String... args) {
    return GpucloudCli.execute(GpucloudCli.commandLine(context, COMMANDS, args), args);
  }
}
