package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.ApiKeysApi;
import dev.gpucloud.client.model.CreateApiKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "api-keys",
    mixinStandardHelpOptions = true,
    description = "Make, list and revoke API keys.",
    subcommands = {
      ApiKeysCommand.ListAll.class,
      ApiKeysCommand.Create.class,
      ApiKeysCommand.Revoke.class
    })
final class ApiKeysCommand extends CommandGroup {
  ApiKeysCommand(CliContext context) {}

  private static String table(JsonNode keys, Holders holders, Terminal terminal) {
    Table table =
        new Table()
            .left("ID")
            .left("NAME")
            .left("STATE")
            .left("ROLES")
            .left("HOLDER")
            .left("EXPIRES")
            .left("LAST USED");
    for (JsonNode key : keys.path("items")) {
      table.row(
          Fields.text(key, "id"),
          Fields.text(key, "name"),
          Fields.text(key, "state"),
          Json.joined(key.path("roles")),
          holders.name(Fields.text(key, "subject")),
          Fields.seoulTime(key, "expiresAt"),
          Fields.seoulTime(key, "lastUsedAt"));
    }
    return table.render(terminal);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Your keys; all of the tenant for an owner.")
  static final class ListAll extends TenantCommand {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode keys = api().list(ApiKeysApi.apiKeyResourceList(tenant()));
      print(keys, all -> table(all, new Holders(this), terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make a key. It is shown once: store it where only its user reads.")
  static final class Create extends TenantCommand {
    @Option(
        names = {"-n", "--name"},
        paramLabel = "NAME",
        required = true,
        description = "What it is for.")
    private String name = "";

    @Option(
        names = {"-r", "--role"},
        paramLabel = "ROLE",
        required = true,
        description = "OWNER, OPERATOR, VIEWER or BILLING_VIEWER; may be repeated.")
    private List<String> roles = List.of();

    @Option(
        names = {"-p", "--project"},
        paramLabel = "PROJECT",
        description = "Slug or id of a project; it opens these alone. May be repeated.")
    private @Nullable List<String> projects;

    @Option(
        names = "--action",
        paramLabel = "ACTION",
        description =
            "An action: a route's words and what is done, such as projects.instances.create; * stands"
                + " for any words, as in *.read. It allows these alone. May be repeated.")
    private @Nullable List<String> actions;

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        description = "When it ends, such as 2027-01-31T00:00:00Z (default: in 90 days).")
    private @Nullable String expires;

    @Option(
        names = "--service-account",
        paramLabel = "ID",
        description = "For this service account instead of you (owners).")
    private @Nullable String account;

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      CreateApiKey body = new CreateApiKey().name(name);
      body.roles(roles.stream().map(RoleOptions::named).toList());
      body.projects(projects == null ? null : projects.stream().map(this::projectId).toList());
      body.actions(actions).expiresAt(expires).serviceAccount(account);
      var call = ApiKeysApi.apiKeyResourceCreate(tenant());
      JsonNode made = api().post(call, body, ApiClient.newIdempotencyKey()).body();
      if (!made.hasNonNull("key")) {
        throw new CliException(
            ExitCode.UNAVAILABLE,
            "The answer that showed the key was lost on its way.",
            "what to do: gpucloud api-keys revoke "
                + made.path("id").asText()
                + ", then make another");
      }
      say("Made %s. The key is not shown again:", made.path("id").asText());
      print(made, one -> one.path("key").asText() + "\n");
      return ExitCode.OK;
    }
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "End a key for good, everywhere within seconds.")
  static final class Revoke extends TenantCommand {
    @Parameters(paramLabel = "KEY", description = "Its id, key_..., or its name.")
    private String key = "";

    Revoke(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String tenant = tenant();
      String id = key.startsWith("key_") ? key : named(tenant);
      api().delete(ApiKeysApi.apiKeyResourceRevoke(id, tenant), ApiClient.newIdempotencyKey());
      say("Revoked %s.", id);
      return ExitCode.OK;
    }

    /** Of the keys that are still good: a name may have been that of others before. */
    private String named(String tenant) {
      List<String> ids = new ArrayList<>();
      for (JsonNode one : api().list(ApiKeysApi.apiKeyResourceList(tenant)).path("items")) {
        if (one.path("name").asText().equals(key) && one.path("state").asText().equals("ACTIVE")) {
          ids.add(one.path("id").asText());
        }
      }
      if (ids.isEmpty()) {
        throw new CliException(ExitCode.NOT_FOUND, "No active key is called " + key + ".");
      }
      if (ids.size() > 1) {
        throw new CliException(
            ExitCode.USAGE,
            "Several keys are called " + key + ".",
            "what to do: name one by its id: " + String.join(", ", ids));
      }
      return ids.getFirst();
    }
  }
}
