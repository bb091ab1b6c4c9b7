package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.GrantAwardsApi;
import dev.gpucloud.client.api.GrantCallsApi;
import dev.gpucloud.client.model.AdjustGrantAward;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code grants} does with awards, from the proposal to the answer. */
final class GrantAwardCommands {
  private static final Columns COLUMNS =
      new Columns()
          .text("ID", "id")
          .text("GPU MODEL", "model")
          .number("GPUS", "gpus")
          .text("STATE", "state")
          .time("ACCEPT BY (KST)", "acceptBy")
          .number("USED %", "usedPct")
          .text("REASON", "endReason");

  private GrantAwardCommands() {}

  @Command(
      name = "propose",
      mixinStandardHelpOptions = true,
      description = "Let the engine propose awards once applications are over (platform).")
  static final class Propose extends GrantCallCommands.OfOne {
    Propose(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode proposal =
          api().send(GrantCallsApi.adminGrantCallResourcePropose(name()), null, Map.of()).body();
      print(
          proposal,
          one ->
              text(
                  "%s awards for %s applications are proposed.%n",
                  Fields.text(one, "awards"), Fields.text(one, "applications")));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "adjust",
      mixinStandardHelpOptions = true,
      description = "Change a proposed award before it is confirmed (platform).")
  static final class Adjust extends GrantCallCommands.OfOne {
    @Parameters(index = "1", paramLabel = "ID", description = "Id of the award: gaw_...")
    private String id = "";

    @Parameters(index = "2", paramLabel = "GPUS", description = "0 takes the proposal away.")
    private int gpus;

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "Why, as the award will explain.")
    private String reason = "";

    Adjust(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var awards = GrantCallsApi.adminGrantCallResourceListAwards(name());
      JsonNode seen = listed(awards, "id", id);
      AdjustGrantAward body = new AdjustGrantAward().gpus(gpus).reason(reason);
      var call = GrantAwardsApi.adminGrantAwardResourceAdjust(id);
      return showOne(api().send(call, body, ifMatch(seen)).body(), COLUMNS);
    }
  }

  @Command(
      name = "confirm",
      mixinStandardHelpOptions = true,
      description = "Offer the proposed awards (platform).")
  static final class Confirm extends GrantCallCommands.OfOne {
    Confirm(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String version = api().get(shown()).header("ETag");
      var call = GrantCallsApi.adminGrantCallResourceConfirm(name());
      JsonNode after = api().send(call, null, Map.of("If-Match", version)).body();
      print(after, GrantsCommand::state);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "awards",
      mixinStandardHelpOptions = true,
      description = "Those of your tenant; with --call all of a call (platform).")
  static final class Awards extends TenantCommand {
    @Option(names = "--call", paramLabel = "CALL", description = "All of a call (platform).")
    private @Nullable String call;

    Awards(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      Call<Call.Nothing, ?> awards =
          call == null
              ? GrantAwardsApi.tenantGrantResourceListAwardsOfTenant(tenant())
              : GrantCallsApi.adminGrantCallResourceListAwards(call);
      return show(api().list(awards), COLUMNS);
    }
  }

  /** An answer to an offered award. */
  abstract static class Answer extends TenantCommand {

    @Parameters(paramLabel = "ID", description = "Id of the award: gaw_...")
    private String id = "";

    Answer(CliContext context) {
      super(context);
    }

    abstract Call<Call.Nothing, ?> answer(String award);

    @Override
    final ExitCode run() {
      var list = GrantAwardsApi.tenantGrantResourceListAwardsOfTenant(tenant());
      print(actOnListed(list, id, answer(id)), GrantsCommand::state);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "accept",
      mixinStandardHelpOptions = true,
      description = "Take an award (owners).")
  static final class Accept extends Answer {
    Accept(CliContext context) {
      super(context);
    }

    @Override
    Call<Call.Nothing, ?> answer(String award) {
      return GrantAwardsApi.tenantGrantResourceAccept(award, tenant());
    }
  }

  @Command(
      name = "decline",
      mixinStandardHelpOptions = true,
      description = "Leave an award to the next in rank (owners).")
  static final class Decline extends Answer {
    Decline(CliContext context) {
      super(context);
    }

    @Override
    Call<Call.Nothing, ?> answer(String award) {
      return GrantAwardsApi.tenantGrantResourceDecline(award, tenant());
    }
  }
}
