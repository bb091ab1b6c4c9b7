package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "grants",
    mixinStandardHelpOptions = true,
    description = "Grant programmes: calls, applications, reviews and awards.",
    subcommands = {
      GrantsCommand.Calls.class,
      GrantsCommand.Edit.class,
      GrantsCommand.Apply.class,
      GrantsCommand.Applications.class,
      GrantsCommand.Withdraw.class,
      GrantsCommand.Reviews.class,
      GrantsCommand.Review.class,
      GrantsCommand.Propose.class,
      GrantsCommand.Confirm.class,
      GrantsCommand.Awards.class,
      GrantsCommand.Accept.class,
      GrantsCommand.Decline.class
    })
final class GrantsCommand extends CommandGroup {
  private static final String MINE = "/me/grant-applications";

  GrantsCommand(CliContext context) {}

  private static String pathOf(String name) {
    return "/grant-calls/" + ApiClient.escape(name);
  }

  private static String state(JsonNode thing) {
    return "It is " + Fields.text(thing, "state") + ".\n";
  }

  @Command(name = "calls", mixinStandardHelpOptions = true, description = "All calls.")
  static final class Calls extends ApiCommand {
    Calls(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().list("/grant-calls"), this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode calls) {
      Table table =
          new Table()
              .left("CALL")
              .left("NAME")
              .left("STATE")
              .left("APPLY UNTIL (KST)")
              .left("WINDOW")
              .right("SHARE %")
              .left("POOLS");
      for (JsonNode call : calls.path("items")) {
        table.row(
            Fields.text(call, "slug"),
            Fields.text(call, "name"),
            Fields.text(call, "state"),
            Fields.seoulTime(call, "applyUntil"),
            day(call, "windowStart") + " to " + day(call, "windowEnd"),
            Fields.text(call, "customerSharePct"),
            pools(call));
      }
      return table.render(terminal());
    }

    private static String day(JsonNode call, String field) {
      return Fields.seoulTime(call, field).split(" ")[0];
    }

    private static String pools(JsonNode call) {
      StringBuilder text = new StringBuilder();
      call.path("pools")
          .properties()
          .forEach(
              pool ->
                  text.append(text.isEmpty() ? "" : ", ")
                      .append(pool.getValue().asText())
                      .append(" ")
                      .append(pool.getKey()));
      return text.toString();
    }
  }

  @Command(
      name = "edit",
      mixinStandardHelpOptions = true,
      description = {
        "Change a call until awards are proposed (platform).",
        "An --apply-until close ahead ends the period of application."
      })
  static final class Edit extends ApiCommand {
    @Parameters(paramLabel = "CALL", description = "Slug or id.")
    private String call = "";

    @Option(names = "--name", description = "Its name.")
    private @Nullable String name;

    @Option(names = "--apply-until", paramLabel = "TIME", description = "RFC 3339, to come.")
    private @Nullable String applyUntil;

    @Option(names = "--window-start", paramLabel = "TIME", description = "RFC 3339.")
    private @Nullable String windowStart;

    @Option(names = "--window-end", paramLabel = "TIME", description = "RFC 3339.")
    private @Nullable String windowEnd;

    Edit(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ObjectNode patch = Json.object();
      put(patch, "name", name);
      put(patch, "applyUntil", applyUntil);
      put(patch, "windowStart", windowStart);
      put(patch, "windowEnd", windowEnd);
      String version = api().get(pathOf(call)).header("ETag");
      JsonNode after =
          api().send("PATCH", "/admin" + pathOf(call), patch, Map.of("If-Match", version)).body();
      print(after, one -> "Changed " + Fields.text(one, "slug") + ".\n");
      return ExitCode.OK;
    }
  }

  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description = "Apply for your tenant (owners); with --no-tenant for yourself.")
  static final class Apply extends TenantCommand {
    @Parameters(paramLabel = "CALL", description = "Slug or id.")
    private String call = "";

    @Option(names = "--no-tenant", description = "As a person without a tenant.")
    private boolean noTenant;

    @Option(names = "--applicant", required = true, description = "Who applies.")
    private String applicant = "";

    @Option(names = "--business-number", description = "Required without a tenant.")
    private @Nullable String businessNumber;

    @Option(
        names = "--category",
        required = true,
        description = "ENTERPRISE, STARTUP, ACADEMIA, RESEARCH or GOVERNMENT.")
    private String category = "";

    @Option(names = "--regional", description = "Outside the capital's region.")
    private boolean regional;

    @Option(names = "--model", required = true, description = "GPU model.")
    private String model = "";

    @Option(names = "--gpus", required = true, description = "GPUs asked for.")
    private int gpus;

    @Option(names = "--min-gpus", description = "Fewer are of no use (default: all or nothing).")
    private @Nullable Integer minGpus;

    @Option(names = "--purpose", required = true, description = "What they are for.")
    private String purpose = "";

    Apply(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ObjectNode body = Json.object().put("applicant", applicant).put("category", category);
      body.put("regional", regional).put("model", model).put("gpus", gpus);
      body.put("purpose", purpose);
      put(body, "businessNumber", businessNumber);
      if (minGpus != null) {
        body.put("minGpus", minGpus);
      }
      String path = (noTenant ? "" : tenantPath()) + pathOf(call) + "/applications";
      JsonNode made = api().post(path, body, ApiClient.newIdempotencyKey()).body();
      print(made, one -> Fields.text(one, "id") + "\n");
      return ExitCode.OK;
    }
  }

  @Command(
      name = "applications",
      mixinStandardHelpOptions = true,
      description = "Those of your tenant; with --mine of yourself, with --call of all (platform).")
  static final class Applications extends TenantCommand {
    @Option(names = "--mine", description = "Made by you without a tenant.")
    private boolean mine;

    @Option(names = "--call", paramLabel = "CALL", description = "All of a call (platform).")
    private @Nullable String call;

    Applications(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().list(path()), this::table);
      return ExitCode.OK;
    }

    private String path() {
      if (call != null) {
        return "/admin" + pathOf(call) + "/applications";
      }
      return mine ? MINE : tenantPath() + "/grant-applications";
    }

    private String table(JsonNode applications) {
      Table table =
          new Table()
              .left("ID")
              .left("APPLICANT")
              .left("GPU MODEL")
              .right("GPUS")
              .left("STATE")
              .right("RANK");
      for (JsonNode one : applications.path("items")) {
        table.row(
            Fields.text(one, "id"),
            Fields.text(one, "applicant"),
            Fields.text(one, "model"),
            Fields.text(one, "gpus"),
            Fields.text(one, "state"),
            Fields.text(one, "rank"));
      }
      return table.render(terminal());
    }
  }

  @Command(
      name = "withdraw",
      mixinStandardHelpOptions = true,
      description = "Take an application back while its call is OPEN.")
  static final class Withdraw extends TenantCommand {
    @Parameters(paramLabel = "ID", description = "Id of the application: gap_...")
    private String id = "";

    @Option(names = "--mine", description = "Made by you without a tenant.")
    private boolean mine;

    Withdraw(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String list = mine ? MINE : tenantPath() + "/grant-applications";
      String one = list + "/" + ApiClient.escape(id);
      print(actOnListed(list, id, one, "withdraw"), GrantsCommand::state);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "reviews",
      mixinStandardHelpOptions = true,
      description = "What you review, in any call.")
  static final class Reviews extends ApiCommand {
    @Option(names = "--todo", description = "Only what you have not reviewed yet.")
    private boolean todo;

    Reviews(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().list("/me/grant-reviews" + (todo ? "?reviewed=false" : "")), this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode reviews) {
      Table table =
          new Table()
              .left("CALL")
              .left("APPLICATION")
              .left("APPLICANT")
              .left("CATEGORY")
              .left("GPU MODEL")
              .right("GPUS")
              .right("POINTS");
      for (JsonNode one : reviews.path("items")) {
        table.row(
            Fields.text(one, "call"),
            Fields.text(one, "applicationId"),
            Fields.text(one, "applicant"),
            Fields.text(one, "category"),
            Fields.text(one, "model"),
            Fields.text(one, "gpus"),
            Fields.text(one, "points"));
      }
      return table.render(terminal());
    }
  }

  @Command(
      name = "review",
      mixinStandardHelpOptions = true,
      description = "Give an application points, once.")
  static final class Review extends ApiCommand {
    @Parameters(index = "0", paramLabel = "CALL", description = "Slug or id.")
    private String call = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Id of the application: gap_...")
    private String id = "";

    @Parameters(index = "2", paramLabel = "POINTS", description = "0 to 100.")
    private int points;

    @Option(names = "--comment", paramLabel = "TEXT", description = "Why.")
    private @Nullable String comment;

    Review(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ObjectNode body = Json.object().put("points", points);
      put(body, "comment", comment);
      String path = pathOf(call) + "/applications/" + ApiClient.escape(id) + "/reviews";
      api().post(path, body, ApiClient.newIdempotencyKey());
      say("Kept.");
      return ExitCode.OK;
    }
  }

  @Command(
      name = "propose",
      mixinStandardHelpOptions = true,
      description = "Let the engine propose awards once applications are over (platform).")
  static final class Propose extends ApiCommand {
    @Parameters(paramLabel = "CALL", description = "Slug or id.")
    private String call = "";

    Propose(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode proposal =
          api().send("POST", "/admin" + pathOf(call) + "/propose", null, Map.of()).body();
      print(
          proposal,
          one ->
              "%s awards for %s applications are proposed.\n"
                  .formatted(Fields.text(one, "awards"), Fields.text(one, "applications")));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "confirm",
      mixinStandardHelpOptions = true,
      description = "Offer the proposed awards (platform).")
  static final class Confirm extends ApiCommand {
    @Parameters(paramLabel = "CALL", description = "Slug or id.")
    private String call = "";

    Confirm(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String version = api().get(pathOf(call)).header("ETag");
      JsonNode after =
          api()
              .send("POST", "/admin" + pathOf(call) + "/confirm", null, Map.of("If-Match", version))
              .body();
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
      String path =
          call == null ? tenantPath() + "/grant-awards" : "/admin" + pathOf(call) + "/awards";
      print(api().list(path), this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode awards) {
      Table table =
          new Table()
              .left("ID")
              .left("GPU MODEL")
              .right("GPUS")
              .left("STATE")
              .left("ACCEPT BY (KST)")
              .right("USED %");
      for (JsonNode one : awards.path("items")) {
        table.row(
            Fields.text(one, "id"),
            Fields.text(one, "model"),
            Fields.text(one, "gpus"),
            Fields.text(one, "state"),
            Fields.seoulTime(one, "acceptBy"),
            Fields.text(one, "usedPct"));
      }
      return table.render(terminal());
    }
  }

  /** An answer to an offered award. */
  abstract static class Answer extends TenantCommand {
    @Parameters(paramLabel = "ID", description = "Id of the award: gaw_...")
    private String id = "";

    Answer(CliContext context) {
      super(context);
    }

    ExitCode give(String answer) {
      String list = tenantPath() + "/grant-awards";
      String one = list + "/" + ApiClient.escape(id);
      print(actOnListed(list, id, one, answer), GrantsCommand::state);
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
    ExitCode run() {
      return give("accept");
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
    ExitCode run() {
      return give("decline");
    }
  }
}
