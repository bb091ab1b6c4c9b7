package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.GrantCallsApi;
import dev.gpucloud.client.model.GrantReviewer;
import dev.gpucloud.client.model.OpenGrantCall;
import dev.gpucloud.client.model.PatchGrantCall;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code grants} does with calls and with who reviews them. */
final class GrantCallCommands {
  private static final Columns COLUMNS =
      new Columns()
          .text("CALL", "slug")
          .text("NAME", "name")
          .text("STATE", "state")
          .time("APPLY UNTIL (KST)", "applyUntil")
          .left("WINDOW", call -> day(call, "windowStart") + " to " + day(call, "windowEnd"))
          .number("SHARE %", "customerSharePct")
          .left("POOLS", GrantCallCommands::pools);

  private GrantCallCommands() {}

  private static String day(JsonNode call, String field) {
    return Fields.seoulTime(call, field).split(" ")[0];
  }

  private static String pools(JsonNode call) {
    return call.path("pools").properties().stream()
        .map(pool -> pool.getValue().asText() + " " + pool.getKey())
        .collect(Collectors.joining(", "));
  }

  @Command(name = "calls", mixinStandardHelpOptions = true, description = "All calls.")
  static final class Calls extends ListCommand {
    Calls(CliContext context) {
      super(context, COLUMNS);
    }

    @Override
    Call<Call.Nothing, ?> list() {
      return GrantCallsApi.grantCallResourceListCalls();
    }
  }

  /** A command on one call. */
  abstract static class OfOne extends ApiCommand {
    @Parameters(index = "0", paramLabel = "CALL", description = "Slug or id.")
    private String call = "";

    OfOne(CliContext context) {
      super(context);
    }

    final String name() {
      return call;
    }

    final Call<Call.Nothing, ?> shown() {
      return GrantCallsApi.grantCallResourceShowCall(call);
    }

    final JsonNode change(PatchGrantCall patch) {
      return change(shown(), GrantCallsApi.adminGrantCallResourceChangeCall(call), patch);
    }

    final ExitCode changed(PatchGrantCall patch) {
      JsonNode after = change(patch);
      print(after, one -> text("Changed %s.%n", Fields.text(one, "slug")));
      return ExitCode.OK;
    }
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "One call.")
  static final class Show extends OfOne {
    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return showOne(api().get(shown()).body(), COLUMNS);
    }
  }

  /** The options that say what a call is called and when it is. */
  static final class Times {
    @Option(
        names = {"-n", "--name"},
        paramLabel = "NAME",
        description = "Its name.")
    private @Nullable String name;

    @Option(names = "--apply-until", paramLabel = "TIME", description = "RFC 3339, to come.")
    private @Nullable String applyUntil;

    @Option(names = "--window-start", paramLabel = "TIME", description = "RFC 3339.")
    private @Nullable String windowStart;

    @Option(names = "--window-end", paramLabel = "TIME", description = "RFC 3339.")
    private @Nullable String windowEnd;

    PatchGrantCall patch() {
      PatchGrantCall patch = new PatchGrantCall().name(name).applyUntil(applyUntil);
      return patch.windowStart(windowStart).windowEnd(windowEnd);
    }

    OpenGrantCall in(OpenGrantCall body) {
      body.name(name).applyUntil(applyUntil);
      return body.windowStart(windowStart).windowEnd(windowEnd);
    }
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = {
        "Open a call (platform).",
        "Its rules, such as weights and caps of categories, come from a file."
      })
  static final class Create extends ApiCommand {
    @Parameters(arity = "0..1", paramLabel = "SLUG", description = "Its short name, for ever.")
    private @Nullable String slug;

    @Mixin private final RequestFile file = new RequestFile();
    @Mixin private final Times times = new Times();

    @Option(
        names = "--share",
        paramLabel = "PCT",
        description = "What those awarded pay of the price, in per cent.")
    private @Nullable Integer sharePct;

    @Option(
        names = "--pool",
        paramLabel = "MODEL=GPUS",
        description = "GPUs of a model to give; may be repeated.")
    private Map<String, Integer> pools = Map.of();

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      OpenGrantCall body = times.in(new OpenGrantCall(file.body(context())));
      body.slug(slug).customerSharePct(sharePct);
      if (!pools.isEmpty()) {
        pools.forEach(body.json().withObjectProperty("pools")::put);
      }
      return showOne(
          api().post(GrantCallsApi.adminGrantCallResourceOpenCall(), body, repeat.key()).body(),
          COLUMNS);
    }
  }

  @Command(
      name = "edit",
      mixinStandardHelpOptions = true,
      description = {
        "Change a call until awards are proposed (platform).",
        "An --apply-until close ahead ends the period of application."
      })
  static final class Edit extends OfOne {
    @Mixin private final Times times = new Times();

    Edit(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return changed(times.patch());
    }
  }

  @Command(
      name = "close",
      mixinStandardHelpOptions = true,
      description = "End the period of application in a minute; then awards can be proposed.")
  static final class Close extends OfOne {
    /** The API takes an end that is to come, which two clocks must agree about. */
    private static final Duration AHEAD = Duration.ofMinutes(1);

    Close(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      Instant end = context().clock().instant().plus(AHEAD).truncatedTo(ChronoUnit.SECONDS);
      requireEarlier(api().get(shown()).body(), end);
      PatchGrantCall patch = new PatchGrantCall().applyUntil(end.toString());
      print(change(patch), this::text);
      return ExitCode.OK;
    }

    private void requireEarlier(JsonNode call, Instant end) {
      Instant until = Instant.parse(call.path("applyUntil").asText());
      if (!end.isBefore(until)) {
        throw new CliException(
            ExitCode.REFUSED,
            text("No applications after %s (Seoul).", Fields.seoulTime(call, "applyUntil")),
            "what to do: grants edit --apply-until sets another end");
      }
    }

    private String text(JsonNode call) {
      return text("No applications after %s (Seoul).%n", Fields.seoulTime(call, "applyUntil"));
    }
  }

  @Command(
      name = "reviewer",
      mixinStandardHelpOptions = true,
      description = "Let a person review a call's applications (platform).")
  static final class Reviewer extends OfOne {
    @Parameters(
        index = "1",
        paramLabel = "SUBJECT",
        description = "As the person's own whoami shows it.")
    private String subject = "";

    @Option(
        names = {"-n", "--name"},
        paramLabel = "NAME",
        required = true,
        description = "The person's name.")
    private String name = "";

    Reviewer(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var call = GrantCallsApi.adminGrantCallResourceAddReviewer(name(), subject);
      api().send(call, new GrantReviewer().name(name), Map.of());
      say("%s may review.", name);
      return ExitCode.OK;
    }
  }
}
