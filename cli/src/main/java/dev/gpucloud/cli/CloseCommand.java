package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "close",
    mixinStandardHelpOptions = true,
    description = "Close a month: what blocks, who lets it pass, how far it is.",
    subcommands = {
      CloseCommand.Show.class,
      CloseCommand.Start.class,
      CloseCommand.Accounts.class,
      CloseCommand.Checklist.class,
      CloseCommand.Waivers.class,
      CloseCommand.Waive.class,
      CloseCommand.Confirm.class,
      CloseCommand.Reject.class
    })
final class CloseCommand extends CommandGroup {
  private static final String MONTHS = "/finance/billing-months/";
  private static final String WAIVERS = "/finance/close-waivers";

  CloseCommand(CliContext context) {}

  /** A command about one month. */
  abstract static class OnMonth extends ApiCommand {
    @Parameters(paramLabel = "YYYY-MM", description = "Billing month.")
    private String month = "";

    OnMonth(CliContext context) {
      super(context);
    }

    final String path() {
      return MONTHS + ApiClient.escape(month);
    }

    final String progress(JsonNode close) {
      Table table = new Table().left("STANDING").right("ACCOUNTS");
      close
          .path("standings")
          .properties()
          .forEach(e -> table.row(e.getKey(), e.getValue().asText()));
      JsonNode walk = close.path("operation");
      return "%s: %s, %s %% done%n"
              .formatted(
                  Fields.text(close, "month"),
                  Fields.text(close, "state"),
                  Fields.text(close, "percent"))
          + (walk.isMissingNode()
              ? ""
              : "%s: %s, %s of %s accounts%n"
                  .formatted(
                      Fields.text(walk, "id"),
                      Fields.text(walk, "state"),
                      Fields.text(walk, "walked"),
                      Fields.text(walk, "accounts")))
          + table.render(terminal());
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "How many accounts stand where.")
  static final class Show extends OnMonth {
    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().get(path() + "/close").body(), this::progress);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description = "Draft and issue what can be; goes on where the last close stopped.")
  static final class Start extends OnMonth {
    @Option(names = "--idempotency-key", paramLabel = "KEY", description = "Repeat a request.")
    private @Nullable String key;

    Start(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String usedKey = key == null ? ApiClient.newIdempotencyKey() : key;
      print(api().post(path() + "/close", null, usedKey).body(), this::progress);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "accounts",
      mixinStandardHelpOptions = true,
      description = "Every account with how far it is, and what stopped it.")
  static final class Accounts extends OnMonth {
    @Option(names = "--standing", paramLabel = "STANDING", description = "Only those, as BLOCKED.")
    private @Nullable String standing;

    Accounts(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String query = standing == null ? "" : "?standing=" + ApiClient.escape(standing);
      print(api().list(path() + "/accounts" + query), this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode all) {
      Table table =
          new Table()
              .left("ACCOUNT")
              .left("BUSINESS NO")
              .left("NAME")
              .left("STANDING")
              .left("INVOICE")
              .left("REASON");
      for (JsonNode each : all.path("items")) {
        table.row(
            Fields.text(each, "accountId"),
            Fields.text(each, "businessNumber"),
            Fields.text(each, "name"),
            Fields.text(each, "standing"),
            Fields.text(each, "invoice"),
            Fields.text(each, "reason"));
      }
      return table.render(terminal());
    }
  }

  /** A command about an account's month. */
  abstract static class OnAccount extends OnMonth {
    @Option(
        names = "--account",
        required = true,
        paramLabel = "ACCOUNT",
        description = "Id of the billing account.")
    private String account = "";

    OnAccount(CliContext context) {
      super(context);
    }

    final String accountPath() {
      return path() + "/accounts/" + ApiClient.escape(account);
    }
  }

  @Command(
      name = "checklist",
      mixinStandardHelpOptions = true,
      description = "What stands between an account's month and its invoice.")
  static final class Checklist extends OnAccount {
    Checklist(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().get(accountPath()).body(), this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode list) {
      Table table = new Table().left("CODE").left("STATE").left("SUBJECT").left("DETAIL");
      for (JsonNode item : list.path("items")) {
        if (item.path("findings").isEmpty()) {
          table.row(Fields.text(item, "code"), Fields.text(item, "state"), "", "");
        }
        for (JsonNode found : item.path("findings")) {
          table.row(
              Fields.text(item, "code"),
              Fields.text(found, "state"),
              Fields.text(found, "subject"),
              Fields.text(found, "detail"));
        }
      }
      return table.render(terminal());
    }
  }

  @Command(
      name = "waive",
      mixinStandardHelpOptions = true,
      description = "Propose to let a finding pass; somebody else confirms it.")
  static final class Waive extends OnAccount {
    @Option(names = "--code", required = true, paramLabel = "CODE", description = "As listed.")
    private String code = "";

    @Option(names = "--subject", required = true, paramLabel = "TEXT", description = "As listed.")
    private String subject = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason = "";

    @Option(names = "--idempotency-key", paramLabel = "KEY", description = "Repeat a request.")
    private @Nullable String key;

    Waive(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode body = Json.object().put("code", code).put("subject", subject).put("reason", reason);
      String usedKey = key == null ? ApiClient.newIdempotencyKey() : key;
      print(
          api().post(accountPath() + "/waivers", body, usedKey).body(),
          one -> waivers(Json.MAPPER.createArrayNode().add(one), terminal()));
      return ExitCode.OK;
    }
  }

  private static String waivers(JsonNode all, Terminal terminal) {
    Table table =
        new Table()
            .left("ID")
            .left("MONTH")
            .left("STATE")
            .left("CODE")
            .left("SUBJECT")
            .left("REASON")
            .left("BY")
            .left("DECIDED BY");
    for (JsonNode each : all) {
      table.row(
          Fields.text(each, "id"),
          Fields.text(each, "month"),
          Fields.text(each, "state"),
          Fields.text(each, "code"),
          Fields.text(each, "subject"),
          Fields.text(each, "reason"),
          Fields.text(each, "proposedBy"),
          Fields.text(each, "decidedBy"));
    }
    return table.render(terminal);
  }

  @Command(name = "waivers", mixinStandardHelpOptions = true, description = "Newest first.")
  static final class Waivers extends ApiCommand {
    @Option(names = "--state", paramLabel = "STATE", description = "Only these, as PROPOSED.")
    private @Nullable String state;

    Waivers(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String query = state == null ? "" : "?state=" + ApiClient.escape(state);
      print(api().list(WAIVERS + query), all -> waivers(all.path("items"), terminal()));
      return ExitCode.OK;
    }
  }

  /** Decides about the waiver that stands now. */
  abstract static class OnWaiver extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "Id of the waiver: wvr_...")
    private String id = "";

    OnWaiver(CliContext context) {
      super(context);
    }

    abstract String action();

    @Override
    final ExitCode run() {
      String path = WAIVERS + "/" + ApiClient.escape(id);
      String etag = api().get(path).header("ETag");
      JsonNode now =
          api().send("POST", path + "/" + action(), null, Map.of("If-Match", etag)).body();
      print(now, one -> waivers(Json.MAPPER.createArrayNode().add(one), terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "confirm",
      mixinStandardHelpOptions = true,
      description = "Let a finding pass, as the second person.")
  static final class Confirm extends OnWaiver {
    Confirm(CliContext context) {
      super(context);
    }

    @Override
    String action() {
      return "confirm";
    }
  }

  @Command(
      name = "reject",
      mixinStandardHelpOptions = true,
      description = "Refuse a waiver, or take one's own back.")
  static final class Reject extends OnWaiver {
    Reject(CliContext context) {
      super(context);
    }

    @Override
    String action() {
      return "reject";
    }
  }
}
