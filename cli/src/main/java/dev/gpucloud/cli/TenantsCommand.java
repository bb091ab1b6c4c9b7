package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "tenants",
    mixinStandardHelpOptions = true,
    description = "The tenants you are a member of; the platform opens and cares for all.",
    subcommands = {
      TenantsCommand.ListAll.class,
      TenantsCommand.Show.class,
      TenantsCommand.History.class,
      TenantAdminCommands.Create.class,
      TenantAdminCommands.Import.class,
      TenantsCommand.Edit.class,
      TenantAdminCommands.Invite.class,
      TenantAdminCommands.Suspend.class,
      TenantAdminCommands.Resume.class,
      TenantsCommand.Close.class,
      TenantsCommand.Leave.class,
      DirectoryCommand.class
    })
final class TenantsCommand extends CommandGroup {
  TenantsCommand(CliContext context) {}

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Yours; with --all those of everybody (platform, finance).")
  static final class ListAll extends ApiCommand {
    @Option(names = "--all", description = "Those of everybody (platform, finance).")
    private boolean all;

    @Option(
        names = "--state",
        paramLabel = "STATE",
        description = "With --all: only ACTIVE, SUSPENDED, CLOSING or CLOSED ones.")
    private @Nullable String state;

    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      if (state != null && !all) {
        throw new CliException(ExitCode.USAGE, "--state is for --all.");
      }
      return all
          ? show(
              api().list("/admin/tenants" + new Query().with("state", state)),
              TenantTable.LIST_OF_ALL)
          : show(api().list("/tenants"), TenantTable.LIST);
    }
  }

  /** A command on one tenant, by default the only one the caller has. */
  abstract static class OfOne extends ApiCommand {
    @Parameters(
        arity = "0..1",
        paramLabel = "TENANT",
        description = "Slug or id (GPUCLOUD_TENANT).")
    private @Nullable String tenant;

    OfOne(CliContext context) {
      super(context);
    }

    String name() {
      return ApiClient.escape(new Scopes(context(), api()).tenant(tenant));
    }

    /** Where the caller reaches the tenant, with what it is now. */
    Reached reached() {
      return Reached.of(api(), "/tenants/" + name());
    }

    ExitCode show(JsonNode shown) {
      print(shown, one -> TenantTable.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "One tenant: its state, how it is billed, and what stands against its end.")
  static final class Show extends OfOne {
    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return show(reached().answer().body());
    }
  }

  @Command(
      name = "history",
      mixinStandardHelpOptions = true,
      description = "Each step of a tenant's life with who, when and why.")
  static final class History extends OfOne {
    History(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return show(Reached.list(api(), "/tenants/" + name() + "/history"), TenantTable.HISTORY);
    }
  }

  @Command(
      name = "edit",
      mixinStandardHelpOptions = true,
      description = {
        "Change what is given; the rest stays.",
        "Owners change whom the platform writes to, the platform everything but slug and kind."
      })
  static final class Edit extends OfOne {
    @Mixin private final TenantOptions options = new TenantOptions();

    Edit(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var patch = options.body(context());
      boolean contactsAlone = patch.size() == 1 && patch.has("contacts");
      String ofAll = "/admin/tenants/" + name();
      return show(change(contactsAlone ? reached().path() : ofAll, patch));
    }
  }

  @Command(
      name = "close",
      mixinStandardHelpOptions = true,
      description = {
        "Close a tenant for good (its owners, platform).",
        "It ends once no instance is left and every invoice is settled: see 'show'."
      })
  static final class Close extends OfOne {
    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "Why, as the history will say.")
    private String reason = "";

    Close(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      Reached now = reached();
      JsonNode closing =
          api()
              .send(
                  "POST",
                  now.path() + "/close",
                  Json.object().put("reason", reason),
                  Map.of("If-Match", now.answer().header("ETag")))
              .body();
      print(closing, tenant -> text("The tenant is %s.%n", Fields.text(tenant, "state")));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "leave",
      mixinStandardHelpOptions = true,
      description = "Give up every role you have at a tenant; coming back needs an invitation.")
  static final class Leave extends OfOne {
    Leave(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      api().send("DELETE", "/me/memberships/" + name(), null, Map.of());
      say("You are no member there any more.");
      return ExitCode.OK;
    }
  }
}
