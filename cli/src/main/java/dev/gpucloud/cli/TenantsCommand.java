package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "tenants",
    mixinStandardHelpOptions = true,
    description = "The tenants you are a member of.",
    subcommands = {
      TenantsCommand.ListAll.class,
      TenantsCommand.Show.class,
      TenantsCommand.History.class,
      TenantsCommand.Close.class,
      TenantsCommand.Leave.class
    })
final class TenantsCommand implements Runnable {
  @Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  TenantsCommand(CliContext context) {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand.");
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "All of them.")
  static final class ListAll extends ApiCommand {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().list("/tenants"), this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode tenants) {
      Table table = new Table().left("SLUG").left("NAME").left("KIND").left("STATE");
      for (JsonNode tenant : tenants.path("items")) {
        table.row(
            Fields.text(tenant, "slug"),
            Fields.text(tenant, "name"),
            Fields.text(tenant, "kind"),
            Fields.text(tenant, "state"));
      }
      return table.render(terminal());
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

    String path() {
      return "/tenants/" + name();
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
      print(api().get(path()).body(), this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode tenant) {
      Table table = new Table().left("FIELD").left("VALUE");
      row(table, "slug", tenant, "slug");
      row(table, "name", tenant, "name");
      row(table, "id", tenant, "id");
      row(table, "kind", tenant, "kind");
      row(table, "segment", tenant, "segment");
      row(table, "state", tenant, "state");
      row(table, "reason", tenant, "stateReason");
      row(table, "running stops at", tenant, "suspension.stopAt");
      row(table, "billing", tenant, "billingMode");
      row(table, "business number", tenant, "businessNumber");
      row(table, "country", tenant, "residency.country");
      row(table, "CSAP zone from", tenant, "residency.minCsapZone");
      for (String contact : new String[] {"billing", "technical", "security"}) {
        row(table, contact + " contact", tenant, "contacts." + contact + ".email");
      }
      StringBuilder text = new StringBuilder(table.render(terminal()));
      tenant
          .path("closingBlockers")
          .forEach(b -> text.append("still open: ").append(Fields.text(b, "detail")).append('\n'));
      return text.toString();
    }

    private static void row(Table table, String label, JsonNode tenant, String field) {
      String value = Fields.text(tenant, field);
      if (!value.equals(Fields.NONE)) {
        table.row(label, value);
      }
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
      print(api().list(path() + "/history"), this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode steps) {
      Table table = new Table().left("AT").left("STEP").left("STATE").left("BY").left("REASON");
      for (JsonNode step : steps.path("items")) {
        table.row(
            Fields.text(step, "at"),
            Fields.text(step, "action"),
            Fields.text(step, "to"),
            Fields.text(step, "actorName"),
            Fields.text(step, "reason"));
      }
      return table.render(terminal());
    }
  }

  @Command(
      name = "close",
      mixinStandardHelpOptions = true,
      description = {
        "Close your tenant for good.",
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
      String version = api().get(path()).header("ETag");
      JsonNode closing =
          api()
              .send(
                  "POST",
                  path() + "/close",
                  Json.object().put("reason", reason),
                  Map.of("If-Match", version))
              .body();
      print(closing, tenant -> "The tenant is " + Fields.text(tenant, "state") + ".\n");
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
