package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.SshKeysApi;
import dev.gpucloud.client.model.RegisterSshKey;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "ssh-keys",
    mixinStandardHelpOptions = true,
    description = "Public keys that you or a project keep.",
    subcommands = {
      SshKeysCommand.ListAll.class,
      SshKeysCommand.Add.class,
      SshKeysCommand.Delete.class
    })
final class SshKeysCommand extends CommandGroup {
  SshKeysCommand(CliContext context) {}

  /** A command on the caller's own keys, or on those of a project that is named. */
  abstract static class OfOwner extends TenantCommand {
    @Option(
        names = {"-p", "--project"},
        paramLabel = "PROJECT",
        description = "Keys of this project (slug or id) instead of your own.")
    private @Nullable String project;

    OfOwner(CliContext context) {
      super(context);
    }

    Call<Call.Nothing, ?> all() {
      return project == null
          ? SshKeysApi.mySshKeyResourceList()
          : SshKeysApi.projectSshKeyResourceList(project, tenant());
    }

    Call<RegisterSshKey, ?> more() {
      return project == null
          ? SshKeysApi.mySshKeyResourceRegister()
          : SshKeysApi.projectSshKeyResourceRegister(project, tenant());
    }

    Call<Call.Nothing, ?> less(String key) {
      return project == null
          ? SshKeysApi.mySshKeyResourceDelete(key)
          : SshKeysApi.projectSshKeyResourceDelete(key, project, tenant());
    }

    String table(JsonNode keys) {
      Table table =
          new Table().left("NAME").left("TYPE").right("BITS").left("FINGERPRINT").left("ID");
      for (JsonNode key : keys.path("items")) {
        table.row(
            Fields.text(key, "name"),
            Fields.text(key, "type"),
            Fields.text(key, "bits"),
            Fields.text(key, "fingerprint"),
            Fields.text(key, "id"));
      }
      return table.render(terminal());
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "All of them.")
  static final class ListAll extends OfOwner {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().list(all()), this::table);
      return ExitCode.OK;
    }
  }

  @Command(name = "add", mixinStandardHelpOptions = true, description = "Keep a public key.")
  static final class Add extends OfOwner {
    @Parameters(paramLabel = "FILE", description = "Such as ~/.ssh/id_ed25519.pub.")
    private Path file = Path.of("");

    @Option(
        names = {"-n", "--name"},
        paramLabel = "NAME",
        description = "What it is called; its comment by default.")
    private @Nullable String name;

    @Option(
        names = "--idempotency-key",
        paramLabel = "KEY",
        description = "Repeat an earlier request: same key, same answer, nothing twice.")
    private @Nullable String key;

    @Spec private CommandLine.Model.CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    Add(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      List<String> keys = SetupFiles.keys(spec.commandLine(), file);
      if (keys.size() != 1) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), file + " must hold one public key, not " + keys.size() + ".");
      }
      RegisterSshKey body = new RegisterSshKey().publicKey(keys.getFirst()).name(name);
      String once = key == null ? ApiClient.newIdempotencyKey() : key;
      print(
          api().post(more(), body, once).body(),
          one -> table(Json.object().set("items", Json.MAPPER.createArrayNode().add(one))));
      return ExitCode.OK;
    }
  }

  @Command(name = "delete", mixinStandardHelpOptions = true, description = "Delete a key.")
  static final class Delete extends OfOwner {
    @Parameters(paramLabel = "KEY", description = "Its id.")
    private String id = "";

    Delete(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      api().delete(less(id), ApiClient.newIdempotencyKey());
      say("Deleted.");
      return ExitCode.OK;
    }
  }
}
