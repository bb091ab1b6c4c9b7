package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.CloseApi;
import dev.gpucloud.client.api.FinanceApi;
import dev.gpucloud.client.model.ProposeCloseWaiver;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "close",
    mixinStandardHelpOptions = true,
    description = "Close a month: what blocks, who lets it pass, how far it is.",
    subcommands = {
      CloseCommand.Show.class,
      CloseCommand.Ready.class,
      CloseCommand.Start.class,
      CloseCommand.Accounts.class,
      CloseCommand.Checklist.class,
      CloseCommand.Waivers.class,
      CloseCommand.Waive.class,
      CloseCommand.Confirm.class,
      CloseCommand.Reject.class
    })
final class CloseCommand extends CommandGroup {
  private static final Columns ACCOUNTS =
      new Columns()
          .text("ACCOUNT", "accountId")
          .text("BUSINESS NO", "businessNumber")
          .text("NAME", "name")
          .text("STANDING", "standing")
          .text("INVOICE", "invoice")
          .text("REASON", "reason");
  private static final Columns WAIVER =
      new Columns()
          .text("ID", "id")
          .text("MONTH", "month")
          .text("STATE", "state")
          .text("CODE", "code")
          .text("SUBJECT", "subject")
          .text("REASON", "reason")
          .text("BY", "proposedBy")
          .text("DECIDED BY", "decidedBy");

  CloseCommand(CliContext context) {}

  /** A command about one month. */
  abstract static class OnMonth extends ApiCommand {
    @Parameters(paramLabel = "YYYY-MM", description = "Billing month.")
    private String month = "";

    OnMonth(CliContext context) {
      super(context);
    }

    final String month() {
      return month;
    }

    final String progress(JsonNode close) {
      Table table = new Table().left("STANDING").right("ACCOUNTS");
      close
          .path("standings")
          .properties()
          .forEach(e -> table.row(e.getKey(), e.getValue().asText()));
      JsonNode walk = close.path("operation");
      return text(
              "%s: %s, %s %% done%n",
              Fields.text(close, "month"),
              Fields.text(close, "state"),
              Fields.text(close, "percent"))
          + (walk.isMissingNode()
              ? ""
              : text(
                  "%s: %s, %s of %s accounts%n",
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
      print(api().get(CloseApi.monthCloseResourceShowClose(month())).body(), this::progress);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description = "Draft and issue what can be; goes on where the last close stopped.")
  static final class Start extends OnMonth {
    @Mixin private final RepeatOption repeat = new RepeatOption();

    Start(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var call = CloseApi.monthCloseResourceCloseMonth(month());
      print(api().post(call, null, repeat.key()).body(), this::progress);
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
      print(
          api().list(CloseApi.monthCloseResourceListAccountCloses(month()).standing(standing)),
          all -> ACCOUNTS.table(all.path("items"), terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "ready",
      mixinStandardHelpOptions = true,
      description = "What blocks a tenant's month before there is a draft.")
  static final class Ready extends OnMonth {
    private static final Columns BLOCKERS =
        new Columns().text("CODE", "code").text("SUBJECT", "subject").text("DETAIL", "detail");

    @Option(names = "--tenant", required = true, paramLabel = "TENANT", description = "Slug or id.")
    private String tenant = "";

    Ready(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var call = FinanceApi.readinessResourceShow(month()).tenant(tenant);
      print(api().get(call).body(), "blockers", this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode month) {
      return month.path("ready").asBoolean()
          ? text("Nothing blocks %s.%n", Fields.text(month, "month"))
          : BLOCKERS.table(month.path("blockers"), terminal());
    }
  }

  /** A command about an account's month. */
  abstract static class OnAccount extends OnMonth {
    @Mixin private final BillingAccountsCommand.Named account = new BillingAccountsCommand.Named();

    OnAccount(CliContext context) {
      super(context);
    }

    final String account() {
      return account.name();
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
      print(
          api().get(CloseApi.checklistsResourceShowChecklist(account(), month())).body(),
          this::table);
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

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Waive(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ProposeCloseWaiver body = new ProposeCloseWaiver().code(code).subject(subject).reason(reason);
      var call = CloseApi.checklistsResourceProposeCloseWaiver(account(), month());
      print(api().post(call, body, repeat.key()).body(), one -> WAIVER.one(one, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(name = "waivers", mixinStandardHelpOptions = true, description = "Newest first.")
  static final class Waivers extends ListCommand {
    @Option(names = "--state", paramLabel = "STATE", description = "Only these, as PROPOSED.")
    private @Nullable String state;

    @Option(
        names = {"-m", "--month"},
        paramLabel = "YYYY-MM",
        description = "Only of this month.")
    private @Nullable String month;

    @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only of this account.")
    private @Nullable String account;

    Waivers(CliContext context) {
      super(context, WAIVER);
    }

    @Override
    Call<Call.Nothing, ?> list() {
      return CloseApi.closeWaiversResourceListCloseWaivers()
          .state(state)
          .month(month)
          .account(account);
    }
  }

  /** Decides about the waiver that stands now. */
  abstract static class OnWaiver extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "Id of the waiver: wvr_...")
    private String id = "";

    OnWaiver(CliContext context) {
      super(context);
    }

    abstract Call<Call.Nothing, ?> decision(String waiver);

    @Override
    final ExitCode run() {
      var now = CloseApi.closeWaiversResourceShowCloseWaiver(id);
      print(act(now, decision(id), null), one -> WAIVER.one(one, terminal()));
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
    Call<Call.Nothing, ?> decision(String waiver) {
      return CloseApi.closeWaiversResourceConfirmCloseWaiver(waiver);
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
    Call<Call.Nothing, ?> decision(String waiver) {
      return CloseApi.closeWaiversResourceRejectCloseWaiver(waiver);
    }
  }
}
