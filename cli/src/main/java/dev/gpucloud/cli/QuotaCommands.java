package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.QuotaRequestsApi;
import dev.gpucloud.client.api.QuotasApi;
import dev.gpucloud.client.model.AskForQuota;
import dev.gpucloud.client.model.DecideOnQuota;
import dev.gpucloud.client.model.SetQuota;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code quotas} does beside showing what is held: limits, and requests for more. */
final class QuotaCommands {
  private static final Columns REQUESTS =
      new Columns()
          .text("ID", "id")
          .text("TENANT", "tenant")
          .text("GPU MODEL", "model")
          .text("SITE", "site")
          .number("WANTED", "wantedGpus")
          .number("GRANTED", "grantedGpus")
          .text("STATE", "state")
          .text("REASON", "reason");

  private QuotaCommands() {}

  private static String state(ApiCommand command, JsonNode request) {
    return command.text("The request is %s.%n", Fields.text(request, "state"));
  }

  /** A command on the limit of one model, over all sites or at one. */
  abstract static class OfModel extends TenantCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "GPU model.")
    private String model = "";

    @Option(
        names = {"-p", "--project"},
        paramLabel = "PROJECT",
        description = "Of this project of the tenant.")
    @Nullable String project;

    @Option(names = "--site", paramLabel = "SITE", description = "At this site alone.")
    @Nullable String site;

    OfModel(CliContext context) {
      super(context);
    }

    String model() {
      return model;
    }

    Call<SetQuota, ?> set() {
      return project == null
          ? QuotasApi.quotaResourceSet(model, tenant()).site(site)
          : QuotasApi.projectQuotaResourceSetOfProject(model, project, tenant()).site(site);
    }

    String table(JsonNode quota) {
      return new Table()
          .left("GPU MODEL")
          .left("SITE")
          .right("LIMIT")
          .right("GUARANTEED")
          .right("VERSION")
          .row(
              Fields.text(quota, "model"),
              quota.hasNonNull("site") ? Fields.text(quota, "site") : "(all)",
              quota.hasNonNull("limitGpus") ? Fields.text(quota, "limitGpus") : "none",
              Fields.text(quota, "guaranteedGpus"),
              Fields.text(quota, "version"))
          .render(terminal());
    }

    /** The limit as it is; version 0 when none was ever set. */
    JsonNode limit() {
      if (project == null) {
        var mine = QuotasApi.quotaResourceShow(model, tenant()).site(site);
        var ofAny = QuotasApi.adminQuotaResourceShowForPlatform(model, tenant()).site(site);
        return Reached.of(api(), mine, ofAny).answer().body();
      }
      var list = QuotasApi.projectQuotaResourceListOfProject(project, tenant());
      for (JsonNode one : api().list(list).path("items")) {
        if (one.path("model").asText().equals(model)
            && one.path("site").asText("").equals(site == null ? "" : site)) {
          return one;
        }
      }
      ObjectNode unset = Json.object().put("model", model).put("version", 0);
      put(unset, "site", site);
      return unset;
    }
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = "The limit of one GPU model, of the tenant or a project.")
  static final class Get extends OfModel {
    Get(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(limit(), this::table);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Set a limit: the tenant's (platform) or a project's (owners).")
  static final class Set extends OfModel {
    @Parameters(index = "1", paramLabel = "GPUS", description = "GPUs, or 'none' for no limit.")
    private String gpus = "";

    @Option(names = "--guaranteed", paramLabel = "GPUS", description = "GPUs that are promised.")
    private @Nullable Long guaranteed;

    @Option(
        names = "--borrow",
        paramLabel = "GPUS",
        description = "GPUs beyond those that may be borrowed; needs --guaranteed.")
    private @Nullable Long borrow;

    Set(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      SetQuota body = new SetQuota();
      if (gpus.equals("none")) {
        body.limitGpusNone();
      } else {
        body.limitGpus(whole(gpus));
      }
      body.guaranteedGpus(guaranteed).borrowLimitGpus(borrow);
      print(api().send(set(), body, ifMatch(limit())).body(), this::table);
      return ExitCode.OK;
    }

    private static long whole(String text) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new CliException(ExitCode.USAGE, "GPUS is a whole number or 'none', not " + text);
      }
    }
  }

  @Command(
      name = "request",
      mixinStandardHelpOptions = true,
      description = "Ask for a higher limit (owners).")
  static final class Request extends OfModel {
    @Parameters(index = "1", paramLabel = "GPUS", description = "The limit to be.")
    private int gpus;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    private String reason = "";

    Request(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      AskForQuota body = new AskForQuota().model(model()).wantedGpus(gpus).reason(reason);
      body.project(project).site(site);
      var call = QuotaRequestsApi.quotaRequestResourceAsk(tenant());
      JsonNode made = api().post(call, body, ApiClient.newIdempotencyKey()).body();
      print(made, one -> Fields.text(one, "id") + "\n");
      return ExitCode.OK;
    }
  }

  @Command(
      name = "requests",
      mixinStandardHelpOptions = true,
      description = {
        "Requests of the tenant, with --below of those below it (owners);",
        "with --all those of everybody (platform)."
      })
  static final class Requests extends TenantCommand {
    @Option(names = "--all", description = "Those of everybody (platform).")
    private boolean all;

    @Option(names = "--below", description = "Those of the tenants below (owners).")
    private boolean below;

    @Option(names = "--state", paramLabel = "STATE", description = "Only such as OPEN.")
    private @Nullable String state;

    Requests(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return show(api().list(list()), REQUESTS);
    }

    private Call<Call.Nothing, ?> list() {
      if (all) {
        return QuotaRequestsApi.adminQuotaRequestResourceListAll().state(state);
      }
      return below
          ? QuotaRequestsApi.childQuotaRequestResourceListOfChildren(tenant()).state(state)
          : QuotaRequestsApi.quotaRequestResourceListRequests(tenant()).state(state);
    }
  }

  @Command(
      name = "withdraw",
      mixinStandardHelpOptions = true,
      description = "Take a request back before it is decided (owners).")
  static final class Withdraw extends TenantCommand {
    @Parameters(paramLabel = "ID", description = "Id of the request: qrq_...")
    private String id = "";

    Withdraw(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var request = QuotaRequestsApi.quotaRequestResourceShowRequest(id, tenant());
      var call = QuotaRequestsApi.quotaRequestResourceWithdraw(id, tenant());
      Map<String, String> now = ifMatch(api().get(request).body());
      print(api().send(call, null, now).body(), one -> state(this, one));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = {
        "Grant a request, all of it or a part; --gpus 0 refuses it (platform).",
        "With --below as an owner of the tenant above."
      })
  static final class Approve extends TenantCommand {
    @Parameters(paramLabel = "ID", description = "Id of the request: qrq_...")
    private String id = "";

    @Option(
        names = "--gpus",
        paramLabel = "GPUS",
        description = "The limit to be (default: as asked for).")
    private @Nullable Integer gpus;

    @Option(
        names = "--note",
        paramLabel = "TEXT",
        description = "What the tenant is told; required unless all is granted.")
    private @Nullable String note;

    @Option(names = "--below", description = "A request of a tenant below yours (owners).")
    private boolean below;

    Approve(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      Call<DecideOnQuota, ?> decide =
          below
              ? QuotaRequestsApi.childQuotaRequestResourceDecideOfChild(id, tenant())
              : QuotaRequestsApi.adminQuotaRequestResourceDecide(id);
      JsonNode request = api().seenFor(decide, this::open);
      DecideOnQuota body = new DecideOnQuota();
      body.grantedGpus(gpus == null ? request.path("wantedGpus").asInt() : gpus).note(note);
      print(api().send(decide, body, ifMatch(request)).body(), one -> state(this, one));
      return ExitCode.OK;
    }

    private Call<Call.Nothing, ?> list() {
      return below
          ? QuotaRequestsApi.childQuotaRequestResourceListOfChildren(tenant()).state("OPEN")
          : QuotaRequestsApi.adminQuotaRequestResourceListAll().state("OPEN");
    }

    private JsonNode open() {
      for (JsonNode one : api().list(list()).path("items")) {
        if (one.path("id").asText().equals(id)) {
          return one;
        }
      }
      throw new CliException(ExitCode.NOT_FOUND, "No request " + id + " is open.");
    }
  }
}
