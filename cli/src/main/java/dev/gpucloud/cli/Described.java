package dev.gpucloud.cli;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Puts the commands that are descriptions beside those that are classes. */
final class Described {
  private Described() {}

  /** The groups that are descriptions alone. */
  static final Set<String> NAMES = Set.of("fleet", "clusters");

  /**
   * Adds what belongs to the commands that are there.
   *
   * @param only the one group that is wanted, null for all
   */
  static void addTo(
      CommandSpec root, CliContext context, CommandLine.IFactory factory, @Nullable String only) {
    if (only == null || only.equals("fleet")) {
      CommandSpec fleet = CommandSpec.forAnnotatedObject(new FleetGroup());
      root.addSubcommand("fleet", fleet);
      fleet().forEach(kind -> kind.below(fleet, context, factory));
      fleet.addSubcommand("import", new CommandLine(FleetImportCommand.class, factory));
    }
    if (only == null || only.equals("clusters")) {
      ClustersCommand.RESOURCE.below(root, context, factory);
    }
    MoreVerbs.byGroup().forEach((name, verbs) -> in(root, name, g -> verbs.addTo(g, context)));
    MoreVerbs.insideGroups()
        .forEach((name, kind) -> in(root, name, g -> kind.below(g, context, factory)));
    if (only == null) {
      behind(root, "instances", "clusters");
      behind(root, "finance", "fleet");
    }
    Watch.offer(root);
  }

  private static void in(CommandSpec root, String name, Consumer<CommandSpec> group) {
    CommandLine found = root.subcommands().get(name);
    if (found != null) {
      group.accept(found.getCommandSpec());
    }
  }

  /** Moves a group behind another in the list of commands. */
  private static void behind(CommandSpec root, String other, String name) {
    CommandLine moved = root.removeSubcommand(name);
    Map<String, CommandLine> all = new LinkedHashMap<>(root.subcommands());
    all.keySet().forEach(root::removeSubcommand);
    all.forEach(
        (each, line) -> {
          root.addSubcommand(each, line);
          if (each.equals(other)) {
            root.addSubcommand(name, moved);
          }
        });
  }

  /** All kinds of the fleet. */
  static List<Resource> fleet() {
    return Stream.of(FleetTopology.all(), FleetHosts.all(), FleetWork.all())
        .flatMap(List::stream)
        .toList();
  }

  /** All kinds that are described. */
  static List<Resource> all() {
    return Stream.of(
            fleet(),
            List.of(ClustersCommand.RESOURCE),
            MoreVerbs.byGroup().values(),
            MoreVerbs.insideGroups().values())
        .flatMap(Collection::stream)
        .toList();
  }

  @CommandLine.Command(
      name = "fleet",
      mixinStandardHelpOptions = true,
      description = "The machines themselves, for whoever runs the cloud (platform, auditor).")
  private static final class FleetGroup extends CommandGroup {}
}
