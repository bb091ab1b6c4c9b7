package dev.gpucloud.devstack.demo;

import dev.gpucloud.cli.ApiClient;
import dev.gpucloud.cli.CliContext;
import dev.gpucloud.cli.CliException;
import dev.gpucloud.cli.DevStackFile;
import dev.gpucloud.cli.ExitCode;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code gpucloud demo}: the main job from an instance to a checked invoice, on the running stack.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Play the whole story on the running dev stack: an operator creates instances, they run, one is"
          + " stopped after half of the hours and all are deleted after the whole; finance drafts the"
          + " month's invoice, a second person approves it, it is issued, printed and recomputed by a"
          + " separate calculation.",
      "Each run bills the next open month; the same arguments bill the same won.",
      "Steps: login, catalogue, clock, create, boot, run, stop, rest, delete, month-end, meter, draft,"
          + " review, approve, issue, verify."
    })
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      defaultValue = "sk-hynix",
      description = "Who uses (default: sk-hynix).")
  private String tenant = "";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "b200.8x",
      description = "Instance type (default: b200.8x).")
  private String type = "";

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many instances (default: 2).")
  private int count;

  @Option(
      names = "--hours",
      paramLabel = "H",
      defaultValue = "24",
      description = "How long they run; the first one half of it (default: 24).")
  private int hours;

  @Option(
      names = "--kill",
      paramLabel = "SERVICE@STEP",
      description = "SIGKILL that component at the start of that step; may be given several times.")
  private List<String> kills = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, or json: the result on standard output, the steps on standard error.")
  private Format format = Format.table;

  private final CliContext context;

  public DemoCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    DemoArguments arguments =
        new DemoArguments(tenant, type, count, hours, kills.stream().map(Kill::parse).toList());
    DevStackFile stack =
        DevStackFile.find(context)
            .orElseThrow(
                () ->
                    new CliException(
                        ExitCode.UNAVAILABLE,
                        "There is no dev stack here.",
                        "what to do: ./gpucloud up"));
    HttpClient http = ApiClient.newHttpClient();
    Path home = stack.path().toAbsolutePath().getParent();
    StackControl control = StackControl.of(http, home);
    DemoOutput output = new DemoOutput(context.terminal(), format == Format.json, home);
    return new DemoStory(arguments, new DemoClients(http, stack), control, output).play().code();
  }

  /** How the result is printed; named as typed. */
  enum Format {
    table,
    json
  }
}
