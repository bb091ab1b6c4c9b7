package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.ServiceAccountsApi;
import dev.gpucloud.client.model.SetServiceAccount;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "service-accounts",
    mixinStandardHelpOptions = true,
    description = "Make, list, change and delete accounts for machines; api-keys makes their keys.",
    subcommands = {
      ServiceAccountsCommand.ListAll.class,
      ServiceAccountsCommand.Create.class,
      ServiceAccountsCommand.Change.class,
      ServiceAccountsCommand.Delete.class
    })
final class ServiceAccountsCommand extends CommandGroup {
  ServiceAccountsCommand(CliContext context) {}

  private static Columns columns(TenantCommand of) {
    return new Columns()
        .text("ID", "id")
        .text("NAME", "name")
        .left("ROLES", of::roles)
        .text("DESCRIPTION", "description");
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
      return show(
          api().list(ServiceAccountsApi.serviceAccountResourceList(tenant())), columns(this));
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

    @Mixin private final RoleOptions roles = new RoleOptions();

    @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
    private @Nullable String description;

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      SetServiceAccount body = new SetServiceAccount().name(name).roles(roles.atTenant());
      body.projectRoles(roles.atProjects(this::projectId)).description(description);
      var call = ServiceAccountsApi.serviceAccountResourceCreate(tenant());
      JsonNode made = api().post(call, body, repeat.key()).body();
      say("Made %s. Its key: gpucloud api-keys create --service-account %s", name, id(made));
      print(made, one -> id(one) + "\n");
      return ExitCode.OK;
    }

    private static String id(JsonNode account) {
      return account.path("id").asText();
    }
  }

  /** A command on one account as it is now. */
  abstract static class OfOne extends TenantCommand {
    @Parameters(paramLabel = "ID", description = "Id of the account: sac_...")
    private String id = "";

    OfOne(CliContext context) {
      super(context);
    }

    final String id() {
      return id;
    }

    final JsonNode now() {
      return api().get(ServiceAccountsApi.serviceAccountResourceShow(id, tenant())).body();
    }
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Give it these roles and no others (owners).")
  static final class Change extends OfOne {
    @Mixin private final RoleOptions roles = new RoleOptions();

    @Option(
        names = "--description",
        paramLabel = "TEXT",
        description = "What it is for (default: as it says now).")
    private @Nullable String description;

    Change(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      SetServiceAccount body = new SetServiceAccount().roles(roles.atTenant());
      body.projectRoles(roles.atProjects(this::projectId));
      JsonNode now = now();
      body.name(now.path("name").asText());
      body.description(description == null ? now.path("description").asText("") : description);
      var call = ServiceAccountsApi.serviceAccountResourceSet(id(), tenant());
      return showOne(api().send(call, body, ifMatch(now)).body(), columns(this));
    }
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Take its roles away and revoke its keys (owners).")
  static final class Delete extends OfOne {
    Delete(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var call = ServiceAccountsApi.serviceAccountResourceDelete(id(), tenant());
      api().send(call, null, ifMatch(now()));
      say("Deleted %s.", id());
      return ExitCode.OK;
    }
  }
}
