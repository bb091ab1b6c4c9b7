package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.MeApi;
import dev.gpucloud.client.api.OnboardingApi;
import dev.gpucloud.client.api.TenantsApi;
import dev.gpucloud.client.api.TenantsOfThePlatformApi;
import dev.gpucloud.client.model.PatchTenant;
import dev.gpucloud.client.model.PatchTenantByPlatform;
import dev.gpucloud.client.model.TenantReason;
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
      TenantAdminCommands.InviteTo.class,
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
              api().list(TenantsOfThePlatformApi.adminTenantResourceList().state(state)),
              TenantTable.LIST_OF_ALL)
          : show(api().list(TenantsApi.tenantResourceList()), TenantTable.LIST);
    }
  }

  /** A command on one tenant, by default the only one the caller has. */
  abstract static class OfOne extends ApiCommand {
    @Parameters(
        arity = "0..1",
        paramLabel = "TENANT",
        description = "Slug or id (GPUCLOUD_TENANT).")
    private @Nullable String tenant;

    private @Nullable String found;

    OfOne(CliContext context) {
      super(context);
    }

    final String name() {
      if (found == null) {
        found = new Scopes(context(), api()).tenant(tenant);
      }
      return found;
    }

    /** Where the caller reaches the tenant, with what it is now. */
    Reached reached() {
      return Reached.of(api(), mine(), ofAny());
    }

    final Call<Call.Nothing, ?> mine() {
      return TenantsApi.tenantResourceShow(name());
    }

    final Call<Call.Nothing, ?> ofAny() {
      return TenantsOfThePlatformApi.adminTenantResourceShow(name());
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
      var mine = TenantsApi.tenantResourceHistory(name());
      var ofAny = TenantsOfThePlatformApi.adminTenantResourceHistory(name());
      return show(Reached.list(api(), mine, ofAny), TenantTable.HISTORY);
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
      ObjectNode patch = options.body(context());
      boolean contactsAlone = patch.size() == 1 && patch.has("contacts");
      if (contactsAlone && !reached().asStaff()) {
        var change = TenantsApi.tenantResourceChange(name());
        return show(change(mine(), change, new PatchTenant(patch)));
      }
      var change = OnboardingApi.changeTenantResourceChange(name());
      return show(change(ofAny(), change, new PatchTenantByPlatform(patch)));
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

    @Mixin private final Confirmation confirmation = new Confirmation();

    Close(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      confirmation.ask(terminal(), "Close %s for good?", name());
      Reached now = reached();
      Call<TenantReason, ?> close =
          now.asStaff()
              ? TenantsOfThePlatformApi.adminTenantResourceClose(name())
              : TenantsApi.tenantResourceClose(name());
      Map<String, String> version = Map.of("If-Match", now.answer().header("ETag"));
      JsonNode closing = api().send(close, new TenantReason().reason(reason), version).body();
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
      api().send(MeApi.membershipResourceLeave(name()), null, Map.of());
      say("You are no member there any more.");
      return ExitCode.OK;
    }
  }
}
