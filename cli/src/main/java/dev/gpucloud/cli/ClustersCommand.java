package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.ClustersApi;
import dev.gpucloud.client.model.CreateClusterRequest;
import dev.gpucloud.client.model.SpreadRequest;
import dev.gpucloud.client.model.TopologyRequest;
import dev.gpucloud.client.model.WithinRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Clusters: what an annotation says better than a description; the rest is {@link #RESOURCE}. */
final class ClustersCommand {
  private static final Columns COLUMNS =
      new Columns()
          .text("NAME", "name")
          .text("STATE", "state")
          .text("TYPE", "instanceType")
          .number("INSTANCES", "instances")
          .number("SPARES", "spares")
          .text("SITE", "site")
          .left("RUNNING", row -> Fields.text(row, "instanceStates.RUNNING"))
          .text("ID", "id");

  private static final Columns MEMBERS =
      new Columns()
          .text("NAME", "name")
          .text("STATE", "state")
          .text("ROLE", "cluster.role")
          .number("GPUS", "gpus")
          .text("SITE", "site")
          .text("HOST", "host")
          .text("ID", "id");

  static final Resource RESOURCE =
      new Resource("clusters", "Instances that are placed together, all or none.")
          .in(Resource.Scope.PROJECT)
          .item("CLUSTER", "train-1", "Its name or id.")
          .columns(COLUMNS)
          .with(Create.class)
          .list("Those of a project.", n -> ClustersApi.clusterResourceList(n.scope()))
          .show("One cluster.", n -> ClustersApi.clusterResourceGet(n.item(), n.scope()))
          .rows(
              "instances",
              "Its instances, spares at the end.",
              n -> ClustersApi.clusterResourceInstances(n.item(), n.scope()),
              MEMBERS)
          .awaits(
              "RUNNING",
              "Come back when a cluster is in a state.",
              List.of("PROVISIONING", "RUNNING", "DEGRADED", "STOPPED", "DELETING", "DELETED"))
          .danger(
              "delete",
              "Delete it with all of its instances, for good.",
              n -> ClustersApi.clusterResourceDelete(n.item(), n.scope()),
              "Delete %s with all of its instances?");

  private ClustersCommand() {}

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = {
        "Create a cluster: all of its instances are placed, or none.",
        "With --validate-only: would it fit, and if not, what stands against it."
      },
      footer = {
        "%nExample:",
        "  gpucloud clusters create train-1 -t b200.8x --instances 16 --within fabric --wait"
      })
  static final class Create extends ProjectCommand {
    @Parameters(paramLabel = "NAME", description = "Its name in the project.")
    private String name = "";

    @Option(
        names = {"-t", "--type"},
        paramLabel = "TYPE",
        required = true,
        description = "Instance type, as 'gpucloud instance-types' lists them.")
    private String type = "";

    @Option(names = "--instances", paramLabel = "N", required = true, description = "How many.")
    private int instances;

    @Option(names = "--spares", paramLabel = "N", description = "So many more that stand by.")
    private @Nullable Integer spares;

    @Option(
        names = "--within",
        paramLabel = "LEVEL",
        description =
            "All in one such place, the nearest first: nvlink_domain, rack, fabric, hall or site;"
                + " ':preferred' behind it takes others too. May be repeated.")
    private List<String> within = List.of();

    @Option(
        names = "--spread-over",
        paramLabel = "LEVEL",
        description = "In as many such places as can be: host, rack, ... and ':preferred'.")
    private @Nullable String spreadOver;

    @Option(names = "--one-per-host", description = "Each on a host of its own.")
    private boolean onePerHost;

    @Option(names = "--dedicated", description = "Only on hosts that no other tenant uses.")
    private boolean dedicated;

    @Option(names = "--site", paramLabel = "SITE", description = "Only at this site.")
    private @Nullable String site;

    @Mixin private final SetupOptions setup = new SetupOptions();

    @Option(
        names = "--validate-only",
        description = "Only say whether it would fit, and if not, why.")
    private boolean validateOnly;

    @Option(names = "--wait", description = "Come back when it has happened.")
    private boolean wait;

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        defaultValue = "300",
        description = "How long --wait waits (default: 300).")
    private int timeoutSeconds = 300;

    @Mixin private final RepeatOption repeat = new RepeatOption();

    @Spec private CommandLine.Model.CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String project = project();
      CreateClusterRequest wanted = wanted();
      if (validateOnly) {
        return PlacementTable.ask(this, project, wanted);
      }
      var call = ClustersApi.clusterResourceCreate(project);
      JsonNode cluster = api().post(call, wanted, repeat.key()).body();
      return showOne(wait ? settled(cluster, project) : cluster, COLUMNS);
    }

    private JsonNode settled(JsonNode cluster, String project) {
      String id = cluster.path("id").asText();
      var witness =
          Patience.at(terminal(), now -> name + "  " + Fields.text(now, "state") + running(now));
      return new Patience(Duration.ofSeconds(timeoutSeconds), witness)
          .until(
              () -> api().get(ClustersApi.clusterResourceGet(id, project)).body(),
              now -> Patience.Verdict.of(now, "RUNNING"),
              now -> "%s is %s, not %s.".formatted(name, Fields.text(now, "state"), "RUNNING"));
    }

    private static String running(JsonNode cluster) {
      int all = cluster.path("instances").asInt() + cluster.path("spares").asInt();
      return "  " + cluster.path("instanceStates").path("RUNNING").asInt() + "/" + all;
    }

    private CreateClusterRequest wanted() {
      CreateClusterRequest wanted =
          new CreateClusterRequest()
              .name(name)
              .instanceType(type)
              .instances(instances)
              .spares(spares)
              .site(site)
              .dedicated(dedicated ? true : null)
              .image(setup.image())
              .bootVolumeGib(setup.bootVolumeGib())
              .userDataBase64(setup.userData(spec.commandLine()));
      List<String> keys = setup.keys(spec.commandLine(), api());
      return wanted.sshKeys(keys.isEmpty() ? null : keys).topology(topology());
    }

    private @Nullable TopologyRequest topology() {
      if (within.isEmpty() && spreadOver == null && !onePerHost) {
        return null;
      }
      TopologyRequest topology = new TopologyRequest().onePerHost(onePerHost ? true : null);
      if (!within.isEmpty()) {
        topology.within(
            within.stream()
                .map(w -> new WithinRequest().level(level(w)).strength(strength(w)))
                .toList());
      }
      return spreadOver == null
          ? topology
          : topology.spread(
              new SpreadRequest().over(level(spreadOver)).strength(strength(spreadOver)));
    }

    private static String level(String wish) {
      return wish.split(":", 2)[0].toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static String strength(String wish) {
      return wish.contains(":") ? wish.split(":", 2)[1].toUpperCase(Locale.ROOT) : "REQUIRED";
    }
  }
}
