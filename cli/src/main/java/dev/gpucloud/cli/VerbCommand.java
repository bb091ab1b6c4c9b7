package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.client.Call;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The command that a {@link Verb} describes. */
final class VerbCommand extends ApiCommand {
  private static final int DEFAULT_PATIENCE_SECONDS = 300;
  private static final String FILE = "--file";
  private static final String YES = "--yes";
  private static final String KEY = "--idempotency-key";

  private final Verb verb;
  private final Resource.Scope scope;
  private final CommandSpec spec;

  VerbCommand(CliContext context, Resource.Scope scope, Verb verb) {
    super(context);
    this.verb = verb;
    this.scope = scope;
    this.spec = CommandSpec.forAnnotatedObject(this);
  }

  /** The command in its group. */
  CommandSpec spec(String path) {
    spec.name(verb.name()).mixinStandardHelpOptions(true);
    spec.usageMessage().description(verb.description());
    for (int i = 0; i < verb.arguments().size(); i++) {
      Verb.Argument argument = verb.arguments().get(i);
      spec.addPositional(
          PositionalParamSpec.builder()
              .index(String.valueOf(i))
              .arity("1")
              .required(true)
              .type(String.class)
              .paramLabel(argument.label())
              .description(argument.description())
              .build());
    }
    verb.inputs().forEach(input -> spec.addOption(option(input)));
    addScope();
    if (verb.isFromFile()) {
      addText(
          "FILE",
          "YAML or JSON with the fields of the API; options go before them.",
          Path.class,
          "-f",
          FILE);
    }
    if (verb.kind() == Verb.Kind.ACT) {
      addText("KEY", "Repeat a request.", String.class, KEY);
    }
    if (verb.question() != null) {
      spec.addOption(
          OptionSpec.builder("-y", YES)
              .type(boolean.class)
              .description("Do it without asking.")
              .build());
    }
    if (!verb.inputs().isEmpty() && verb.kind() != Verb.Kind.LIST) {
      spec.usageMessage().footer("%nExample:", "  " + example(path).replace("%", "%%"));
    }
    return spec;
  }

  private void addScope() {
    if (scope == Resource.Scope.PROJECT) {
      addText(
          "PROJECT",
          "tenant.project, prj_..., or a project of your tenant (GPUCLOUD_PROJECT).",
          String.class,
          "-p",
          "--project");
    }
    if (scope != Resource.Scope.PLATFORM) {
      addText("TENANT", "Slug or id (GPUCLOUD_TENANT).", String.class, "--tenant");
    }
  }

  private void addText(String label, String description, Class<?> type, String... names) {
    spec.addOption(
        OptionSpec.builder(names[0], List.of(names).subList(1, names.length).toArray(String[]::new))
            .paramLabel(label)
            .type(type)
            .description(description)
            .build());
  }

  private static OptionSpec option(Input input) {
    OptionSpec.Builder option =
        OptionSpec.builder("--" + input.option()).description(input.description());
    if (input.kind() == Input.Kind.FLAG) {
      return option.type(boolean.class).build();
    }
    option.paramLabel(input.label()).required(input.required());
    return input.repeats()
        ? option.type(List.class).auxiliaryTypes(String.class).arity("1").build()
        : option.type(String.class).arity("1").build();
  }

  private String example(String path) {
    Stream<String> words =
        Stream.of(
                Stream.of(path, verb.name()),
                verb.arguments().stream().map(Verb.Argument::sample),
                verb.inputs().stream()
                    .filter(input -> input.required() || input.equals(verb.inputs().getFirst()))
                    .map(Input::example),
                verb.isFromFile() ? Stream.of("-f request.yaml") : Stream.<String>empty())
            .flatMap(each -> each);
    return words.collect(Collectors.joining(" "));
  }

  @Override
  ExitCode run() {
    Verb.Named named = named();
    return switch (verb.kind()) {
      case LIST -> show(listed(named), Objects.requireNonNull(verb.columns()));
      case SHOW -> showAll(api().get(reading(verb.call(named))).body());
      case ACT -> act(named);
      case WAIT -> await(named);
    };
  }

  private Verb.Named named() {
    Scopes scopes = new Scopes(context(), api());
    String within =
        switch (scope) {
          case PLATFORM -> "";
          case TENANT -> scopes.tenant(typed("--tenant"));
          case PROJECT -> scopes.project(typed("--project"), typed("--tenant"));
        };
    List<String> items =
        spec.positionalParameters().stream().map(PositionalParamSpec::<String>getValue).toList();
    return new Verb.Named(within, items);
  }

  private JsonNode listed(Verb.Named named) {
    Call<Call.Nothing, ?> mine = filtered(named);
    Call<Call.Nothing, ?> ofAny = verb.ofAny(named);
    return ofAny == null ? api().list(mine) : Reached.list(api(), mine, ofAny);
  }

  private Call<Call.Nothing, ?> filtered(Verb.Named named) {
    Call<Call.Nothing, ?> list = reading(verb.call(named));
    JsonNode filters = given();
    filters.properties().forEach(filter -> list.query(filter.getKey(), filter.getValue().asText()));
    return list;
  }

  private ExitCode act(Verb.Named named) {
    String question = verb.question();
    if (question != null) {
      Confirmation.ask(terminal(), isTyped(YES), question, String.join(" ", named.items()));
    }
    Call<Object, ?> call = acting(verb.call(named));
    boolean hasBody = !verb.inputs().isEmpty() || verb.isFromFile();
    ObjectNode body = hasBody ? body() : null;
    String key = Objects.requireNonNullElseGet(typed(KEY), ApiClient::newIdempotencyKey);
    Call<Call.Nothing, ?> seen = verb.seen(named);
    ApiResponse answer =
        seen == null ? api().post(call, body, key) : api().act(seen, call, body, key);
    if (answer.body().isObject()) {
      return showAll(answer.body());
    }
    say("Done.");
    return ExitCode.OK;
  }

  private ExitCode await(Verb.Named named) {
    JsonNode given = given();
    String state = known(given.path("for").asText().toUpperCase(Locale.ROOT));
    Duration atMost = Duration.ofSeconds(given.path("timeout").asInt(DEFAULT_PATIENCE_SECONDS));
    Call<Call.Nothing, ?> look = reading(verb.call(named));
    var witness =
        Patience.at(terminal(), thing -> named.item() + "  " + Fields.text(thing, "state"));
    JsonNode there =
        new Patience(atMost, witness)
            .until(
                () ->
                    state.equals("DELETED")
                        ? Patience.orDeleted(named.item(), () -> api().get(look).body())
                        : api().get(look).body(),
                thing -> Patience.Verdict.of(thing, state),
                thing ->
                    "%s is %s, not %s."
                        .formatted(named.item(), Fields.text(thing, "state"), state));
    return showAll(there);
  }

  private String known(String state) {
    if (!verb.states().contains(state)) {
      throw new CliException(
          ExitCode.USAGE,
          "%s is no state that can be waited for.".formatted(state),
          "known states: " + String.join(", ", verb.states()));
    }
    return state;
  }

  private ObjectNode body() {
    Path file = spec.findOption(FILE) == null ? null : spec.findOption(FILE).getValue();
    ObjectNode body = file == null ? Json.object() : RequestFile.read(context(), file);
    body.setAll(given());
    return body;
  }

  /** The fields of the options that were typed. */
  private ObjectNode given() {
    ObjectNode fields = Json.object();
    for (Input input : verb.inputs()) {
      List<String> typed = words(spec.findOption("--" + input.option()));
      if (!typed.isEmpty()) {
        fields.set(input.field(), input.value(typed, context().clock()));
      }
    }
    return fields;
  }

  private static List<String> words(ArgSpec option) {
    Object value = option.getValue();
    return switch (value) {
      case null -> List.of();
      case Boolean flag -> flag ? List.of("true") : List.of();
      case List<?> many -> many.stream().map(String::valueOf).toList();
      default -> List.of(value.toString());
    };
  }

  private boolean isTyped(String option) {
    return !words(spec.findOption(option)).isEmpty();
  }

  private @Nullable String typed(String option) {
    return spec.findOption(option).getValue();
  }

  /** The API's lists and things take no body; a test holds each description to that. */
  @SuppressWarnings("unchecked")
  private static Call<Call.Nothing, ?> reading(Call<?, ?> call) {
    return (Call<Call.Nothing, ?>) call;
  }

  /** Bodies are made of options, whose fields a test holds against the API's document. */
  @SuppressWarnings("unchecked")
  private static Call<Object, ?> acting(Call<?, ?> call) {
    return (Call<Object, ?>) call;
  }
}
