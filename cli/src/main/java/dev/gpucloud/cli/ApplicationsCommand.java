package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.ApplicationsApi;
import dev.gpucloud.client.api.ReviewApi;
import dev.gpucloud.client.model.ApplyForTenant;
import dev.gpucloud.client.model.Contact;
import dev.gpucloud.client.model.Contacts;
import dev.gpucloud.client.model.Decision;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "applications",
    mixinStandardHelpOptions = true,
    description = "Ask for a tenant; the platform decides.",
    subcommands = {
      ApplicationsCommand.Apply.class,
      ApplicationsCommand.ListAll.class,
      ApplicationsCommand.Show.class,
      ApplicationsCommand.Withdraw.class,
      ApplicationsCommand.Approve.class,
      ApplicationsCommand.Reject.class
    })
final class ApplicationsCommand extends CommandGroup {
  private static final String HOLDERS = "businessNumberHolders";

  ApplicationsCommand(CliContext context) {}

  /** The platform also sees who holds the business numbers. */
  private static String table(JsonNode applications, Terminal terminal) {
    boolean withHolders =
        applications.path("items").valueStream().anyMatch(one -> one.has(HOLDERS));
    Table table =
        new Table()
            .left("ID")
            .left("SLUG")
            .left("NAME")
            .left("BY")
            .left("STATE")
            .left("AT")
            .left("NOTE");
    if (withHolders) {
      table.left("NUMBER HELD BY");
    }
    for (JsonNode one : applications.path("items")) {
      Stream<String> row =
          Stream.of(
              Fields.text(one, "id"),
              Fields.text(one, "slug"),
              Fields.text(one, "name"),
              Fields.text(one, "applicantName"),
              Fields.text(one, "state"),
              Fields.seoulTime(one, "createdAt"),
              Fields.text(one, "note"));
      table.row(
          (withHolders ? Stream.concat(row, Stream.of(holders(one))) : row).toArray(String[]::new));
    }
    return table.render(terminal);
  }

  private static String holders(JsonNode application) {
    String holders =
        application
            .path(HOLDERS)
            .valueStream()
            .map(JsonNode::asText)
            .collect(Collectors.joining(", "));
    return holders.isEmpty() ? "-" : holders;
  }

  private static String state(JsonNode application, Terminal terminal) {
    return terminal.text("The application is %s.%n").formatted(Fields.text(application, "state"));
  }

  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description = "Ask for a tenant of your own; you become its owner when it is approved.")
  static final class Apply extends ApiCommand {
    @Option(names = "--slug", required = true, description = "Its short name in addresses.")
    private String slug = "";

    @Option(
        names = {"-n", "--name"},
        required = true,
        description = "Its name.")
    private String name = "";

    @Option(
        names = "--kind",
        defaultValue = "EXTERNAL",
        description = "EXTERNAL or SUBSIDIARY (default: ${DEFAULT-VALUE}).")
    private String kind = "EXTERNAL";

    @Option(
        names = "--segment",
        description = "ENTERPRISE, STARTUP, ACADEMIA, RESEARCH or GOVERNMENT.")
    private @Nullable String segment;

    @Option(names = "--parent", description = "Slug of the company above (SUBSIDIARY).")
    private @Nullable String parent;

    @Option(
        names = "--billing-mode",
        defaultValue = "EXTERNAL",
        description = "How it is billed (default: ${DEFAULT-VALUE}).")
    private String billingMode = "EXTERNAL";

    @Option(names = "--business-number", description = "Such as 000-00-00048.")
    private @Nullable String businessNumber;

    @Option(names = "--billing-email", required = true, description = "Where bills go.")
    private String billingEmail = "";

    @Option(names = "--project", description = "Slug of the first project (default: main).")
    private @Nullable String project;

    @Option(names = "--purpose", description = "What it is for.")
    private @Nullable String purpose;

    Apply(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ApplyForTenant body =
          new ApplyForTenant()
              .slug(slug)
              .name(name)
              .kind(kind)
              .billingMode(billingMode)
              .segment(segment)
              .parent(parent)
              .businessNumber(businessNumber)
              .project(project)
              .purpose(purpose)
              .contacts(new Contacts().billing(new Contact().email(billingEmail)));
      var call = ApplicationsApi.applicationResourceApply();
      JsonNode made = api().post(call, body, ApiClient.newIdempotencyKey()).body();
      print(made, one -> Fields.text(one, "id") + "\n");
      return ExitCode.OK;
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Yours; with --all those of everybody (platform).")
  static final class ListAll extends ApiCommand {
    @Option(names = "--all", description = "Those of everybody (platform).")
    private boolean all;

    @Option(
        names = "--state",
        description = "With --all: only APPLIED, APPROVED, REJECTED or WITHDRAWN ones.")
    private @Nullable String state;

    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().list(list()), found -> table(found, terminal()));
      return ExitCode.OK;
    }

    private Call<Call.Nothing, ?> list() {
      return all
          ? ReviewApi.adminApplicationResourceList().state(state)
          : ApplicationsApi.applicationResourceList();
    }
  }

  /** A command on one application. */
  abstract static class OfOne extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "Id of the application: tap_...")
    private String id = "";

    OfOne(CliContext context) {
      super(context);
    }

    final String id() {
      return id;
    }

    final Call<Call.Nothing, ?> mine() {
      return ApplicationsApi.applicationResourceShow(id);
    }

    final Call<Call.Nothing, ?> anybodys() {
      return ReviewApi.adminApplicationResourceShow(id);
    }
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "One application.")
  static final class Show extends OfOne {
    @Option(names = "--all", description = "That of anybody (platform).")
    private boolean all;

    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode one = api().get(all ? anybodys() : mine()).body();
      JsonNode items = Json.object().set("items", Json.MAPPER.createArrayNode().add(one));
      print(one, shown -> table(items, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "withdraw",
      mixinStandardHelpOptions = true,
      description = "Take your application back before it is decided.")
  static final class Withdraw extends OfOne {
    Withdraw(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var call = ApplicationsApi.applicationResourceWithdraw(id());
      print(act(mine(), call, null), done -> state(done, terminal()));
      return ExitCode.OK;
    }
  }

  /** A decision of the platform. */
  abstract static class OfPlatform extends OfOne {
    @Option(
        names = "--note",
        paramLabel = "TEXT",
        required = true,
        description = "What the applicant is told.")
    private String note = "";

    OfPlatform(CliContext context) {
      super(context);
    }

    ExitCode decide(Call<Decision, ?> decision, Decision more) {
      print(act(anybodys(), decision, more.note(note)), done -> state(done, terminal()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = "Open the tenant that was asked for (platform).")
  static final class Approve extends OfPlatform {
    @Option(
        names = "--shares-account-with",
        paramLabel = "TENANT",
        description =
            "A tenant that has the same business number: both are one company with one billing"
                + " account.")
    private @Nullable String sharesAccountWith;

    Approve(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      Decision body = new Decision().sharesAccountWith(sharesAccountWith);
      return decide(ReviewApi.adminApplicationResourceApprove(id()), body);
    }
  }

  @Command(
      name = "reject",
      mixinStandardHelpOptions = true,
      description = "Refuse it and say why (platform).")
  static final class Reject extends OfPlatform {
    Reject(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return decide(ReviewApi.adminApplicationResourceReject(id()), new Decision());
    }
  }
}
