package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "service-accounts",
    mixinStandardHelpOptions = true,
    description = "Make, list and delete accounts for machines; api-keys makes their keys.",
    subcommands = {
      ServiceAccountsCommand.ListAll.class,
      ServiceAccountsCommand.Create.class,
      ServiceAccountsCommand.Delete.class
    })
final class ServiceAccountsCommand extends CommandGroup {
  ServiceAccountsCommand(CliContext context) {}

  private static String table(JsonNode accounts, Terminal terminal) {
    Table table = new Table().left("ID").left("NAME").left("ROLES").left("DESCRIPTION");
    for (JsonNode account : accounts.path("items")) {
      table.row(
          Fields.text(account, "id"),
          Fields.text(account, "name"),
          Json.joined(account.path("roles")),
          Fields.text(account, "description"));
    }
    return table.render(terminal);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Service accounts of the tenant.")
  static final class ListAll extends TenantCommand {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().list(tenantPath() + "/service-accounts"), all -> table(all, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make a service account (owners).")
  static final class Create extends TenantCommand {
    @Option(
        names = {"-n", "--name"},
        paramLabel = "NAME",
        required = true,
        description = "Its name, unique in the tenant.")
    private String name = "";

    @Option(
        names = {"-r", "--role"},
        paramLabel = "ROLE",
        required = true,
        description = "OPERATOR, VIEWER or BILLING_VIEWER; may be repeated.")
    private List<String> roles = List.of();

    @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
    private @Nullable String description;

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ObjectNode body = Json.object().put("name", name);
      roles.forEach(body.putArray("roles")::add);
      if (description != null) {
        body.put("description", description);
      }
      JsonNode made =
          api()
              .post(tenantPath() + "/service-accounts", body, ApiClient.newIdempotencyKey())
              .body();
      say("Made " + name + ". Its key: gpucloud api-keys create --service-account " + id(made));
      print(made, one -> id(one) + "\n");
      return ExitCode.OK;
    }

    private static String id(JsonNode account) {
      return account.path("id").asText();
    }
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Take its roles away and revoke its keys (owners).")
  static final class Delete extends TenantCommand {
    @Parameters(paramLabel = "ID", description = "Id of the account: sac_...")
    private String id = "";

    Delete(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String path = tenantPath() + "/service-accounts/" + ApiClient.escape(id);
      String version = "\"" + api().get(path).body().path("version").asText() + "\"";
      api().send("DELETE", path, null, Map.of("If-Match", version));
      say("Deleted " + id + ".");
      return ExitCode.OK;
    }
  }
}
