package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.InstancesApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that go into an instance, or show what it was given. */
final class ReachCommands {
  private ReachCommands() {}

  @Command(
      name = "ssh",
      mixinStandardHelpOptions = true,
      description = {
        "Log in to an instance with ssh; GPUCLOUD_SSH names another program.",
        "What stands after -- is run there. Ends as ssh ends."
      },
      footer = {
        "%nExample:",
        "  gpucloud instances ssh train-1 -i ~/.ssh/id_ed25519 -- nvidia-smi"
      })
  static final class Ssh extends InstancesCommand.InProject {
    @Parameters(index = "0", paramLabel = "INSTANCE", description = "Its id or name.")
    private String instance = "";

    @Parameters(
        index = "1..*",
        arity = "0..*",
        paramLabel = "COMMAND",
        description = "What to run there instead of a shell.")
    private List<String> command = List.of();

    @Option(
        names = {"-i", "--identity"},
        paramLabel = "FILE",
        description = "The private half of one of its keys.")
    private @Nullable Path identity;

    private int ended;

    Ssh(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode how = instances().connect(instance);
      List<String> words = new ArrayList<>();
      words.add(context().env("GPUCLOUD_SSH", "ssh"));
      words.addAll(List.of("-p", Fields.text(how, "port")));
      if (identity != null) {
        words.addAll(List.of("-i", identity.toString()));
      }
      words.add(Fields.text(how, "user") + "@" + Fields.text(how, "address"));
      words.addAll(command);
      ended = started(words);
      return ExitCode.OK;
    }

    @Override
    int status(ExitCode code) {
      return ended;
    }

    private static int started(List<String> words) {
      try {
        return new ProcessBuilder(words).inheritIO().start().waitFor();
      } catch (IOException e) {
        throw new CliException(
            ExitCode.USAGE,
            "There is no program " + words.getFirst() + ".",
            "what to do: install ssh, or name it in GPUCLOUD_SSH");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CliException(ExitCode.INTERNAL, "Interrupted.");
      }
    }
  }

  @Command(
      name = "user-data",
      mixinStandardHelpOptions = true,
      description = "What its first boot was given (its operators and owners).")
  static final class UserData extends InstancesCommand.InProject {
    @Parameters(paramLabel = "INSTANCE", description = "Its id or name.")
    private String instance = "";

    UserData(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var call = InstancesApi.setupResourceUserData(instance, project());
      print(
          api().get(call).body(),
          given ->
              new String(
                  Base64.getDecoder().decode(given.path("userDataBase64").asText()),
                  StandardCharsets.UTF_8));
      return ExitCode.OK;
    }
  }
}
