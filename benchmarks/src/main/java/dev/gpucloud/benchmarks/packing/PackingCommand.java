package dev.gpucloud.benchmarks.packing;

import dev.gpucloud.inventory.placement.engine.share.SharePolicyKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code benchmarks/packing}: CSV of all runs to standard output, a table to standard error. */
@Command(
    name = "benchmarks/packing",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Offers a trace of GPU requests to placement policies and prints, as CSV, what share of the"
          + " GPUs each could give away.",
      "",
      "The files are in the format of Alibaba's cluster-trace-gpu-v2023: NODES with columns"
          + " cpu_milli, memory_mib, gpu and model, PODS with cpu_milli, memory_mib, num_gpu,"
          + " gpu_milli and gpu_spec, in any order. Without model or gpu_spec any model will do.",
      ""
    },
    footer = {"", "Exit status: 0 done, 2 the input or an option cannot be used."})
final class PackingCommand implements Callable<Integer> {
  private static final int FULL_PCT = 100;
  private static final int MOST_ARRIVALS_PCT = 1000;
  private static final int MOST_SEEDS = 1000;
  private static final long MOST_REQUESTS = 2_000_000;
  private static final long FIRST_SEED = 42;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "NODES.csv", description = "the hosts")
  Path nodes;

  @Parameters(index = "1", paramLabel = "PODS.csv", description = "the requests")
  Path pods;

  @Option(
      names = "--policies",
      split = ",",
      paramLabel = "NAME",
      description =
          "random, dot-product, gpu-clustering, gpu-packing, best-fit, fgd, reach; default: all."
              + " reach is our default policy, the others are the published ones.")
  List<String> policies = Stream.of(SharePolicyKind.values()).map(SharePolicyKind::label).toList();

  @Option(
      names = "--seeds",
      defaultValue = "10",
      paramLabel = "N",
      description = "runs per policy, each in another order; default: ${DEFAULT-VALUE}")
  int seeds;

  @Option(
      names = "--arrivals",
      defaultValue = "130",
      paramLabel = "PCT",
      description = "GPUs asked for, in %% of the fleet's; default: ${DEFAULT-VALUE}")
  int arrivals;

  @Option(names = "--plot", paramLabel = "FILE.svg", description = "draw allocation by arrivals")
  @Nullable Path plot;

  @Option(
      names = "--compare",
      paramLabel = "PUBLISHED.csv",
      description =
          "show the difference to published means: columns trace (the name of PODS without .csv),"
              + " policy, alloc_pct_at_100, ...")
  @Nullable Path compare;

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new PackingCommand())
        .setParameterExceptionHandler(
            (e, rest) -> refuse(e.getCommandLine(), String.valueOf(e.getMessage())))
        .setExecutionExceptionHandler(
            (e, line, result) -> {
              if (e instanceof BadInputException) {
                return refuse(line, String.valueOf(e.getMessage()));
              }
              throw e;
            });
  }

  private static int refuse(CommandLine line, String message) {
    line.getErr().println("error: " + message.lines().findFirst().orElse(""));
    line.getErr().flush();
    return CommandLine.ExitCode.USAGE;
  }

  @Override
  public Integer call() throws BadInputException, InterruptedException, IOException {
    Set<SharePolicyKind> chosen = chosenPolicies();
    check("--seeds", seeds, 1, MOST_SEEDS);
    check("--arrivals", arrivals, FULL_PCT, MOST_ARRIVALS_PCT);
    Trace trace = Trace.read(nodes, pods);
    if (Arrivals.expected(trace, arrivals) > MOST_REQUESTS) {
      throw BadInputException.in(
          pods, "column num_gpu: asks for so few GPUs that a run takes millions of requests");
    }
    List<Integer> percents = List.of(FULL_PCT, arrivals);
    PublishedMeans published =
        compare == null ? null : PublishedMeans.read(compare, trace.name(), percents);
    if (plot != null
        && (plot.toAbsolutePath().getParent() == null
            || !Files.isDirectory(plot.toAbsolutePath().getParent()))) {
      throw BadInputException.in(plot, "the folder for the plot does not exist");
    }
    Map<SharePolicyKind, List<PackingRun>> runs = run(trace, chosen);
    PrintWriter err = spec.commandLine().getErr();
    err.print(new PackingTable(percents, published).render(runs));
    err.flush();
    if (plot != null) {
      String title = trace.name() + ": mean of " + seeds + (seeds == 1 ? " run" : " runs");
      Files.writeString(
          plot, new AllocationPlot(title, arrivals, runs).render(), StandardCharsets.UTF_8);
    }
    return CommandLine.ExitCode.OK;
  }

  private Set<SharePolicyKind> chosenPolicies() {
    Set<SharePolicyKind> chosen = EnumSet.noneOf(SharePolicyKind.class);
    for (String label : policies) {
      chosen.add(
          SharePolicyKind.labelled(label.strip())
              .orElseThrow(
                  () ->
                      new CommandLine.ParameterException(
                          spec.commandLine(),
                          "--policies: unknown policy \"" + label + "\", there are " + labels())));
    }
    return chosen;
  }

  private static String labels() {
    return Stream.of(SharePolicyKind.values())
        .map(SharePolicyKind::label)
        .collect(Collectors.joining(", "));
  }

  private void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), option + " is " + value + ", but must be " + least + " to " + most);
    }
  }

  /** Runs on all cores, one run on each, and prints every run as soon as those before it are. */
  private Map<SharePolicyKind, List<PackingRun>> run(Trace trace, Set<SharePolicyKind> chosen)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println("policy,seed,alloc_pct_at_100,alloc_pct_at_" + arrivals + ",seconds");
    Progress progress = new Progress(spec.commandLine().getErr(), chosen.size() * seeds);
    Map<SharePolicyKind, List<PackingRun>> runs = new LinkedHashMap<>();
    try (ExecutorService cores =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      List<Future<PackingRun>> pending = new ArrayList<>();
      for (SharePolicyKind policy : chosen) {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
          long its = seed;
          pending.add(
              cores.submit(
                  () -> {
                    PackingRun run = PackingRun.of(trace, policy, its, arrivals);
                    progress.step();
                    return run;
                  }));
        }
      }
      for (Future<PackingRun> one : pending) {
        PackingRun run = finished(one);
        runs.computeIfAbsent(run.policy(), policy -> new ArrayList<>()).add(run);
        out.println(csv(run));
        out.flush();
      }
    }
    progress.done();
    return runs;
  }

  private static PackingRun finished(Future<PackingRun> run) throws InterruptedException {
    try {
      return run.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a run failed", e.getCause());
    }
  }

  private String csv(PackingRun run) {
    return String.format(
        Locale.ROOT,
        "%s,%d,%.4f,%.4f,%.3f",
        run.policy().label(),
        run.seed(),
        run.allocatedPct()[FULL_PCT],
        run.allocatedPct()[arrivals],
        run.seconds());
  }
}
