package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The command line against the API's document: nothing is missing, and nothing is made up. */
class ApiCoverageTest {
  /** Operations that no command needs, each with the reason. */
  private static final Map<String, String> NOT_FOR_A_COMMAND_LINE =
      Map.of(
          "sessionsRead", "a browser's session: the command line has tokens of its own",
          "sessionsLogout", "ends a browser's session: see 'gpucloud logout'");

  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  private static final JsonNode API = document();

  @Test
  void everyOperationIsReachedByACommandOrKnownToNeedNone() throws IOException {
    String sources = sources();
    Set<String> missing = new TreeSet<>();
    operations()
        .forEach(
            (name, operation) -> {
              boolean reached =
                  Pattern.compile("Api(\\.|::)" + name + "\\b").matcher(sources).find();
              assertThat(reached && NOT_FOR_A_COMMAND_LINE.containsKey(name)).as(name).isFalse();
              if (!reached && !NOT_FOR_A_COMMAND_LINE.containsKey(name)) {
                missing.add(name);
              }
            });
    assertThat(missing).isEmpty();
    assertThat(operations().keySet()).containsAll(NOT_FOR_A_COMMAND_LINE.keySet());
  }

  /** What is made of a description takes the fields and filters that the document has. */
  @Test
  void everyDescriptionFitsTheOperationItAsksFor() {
    List<String> wrong = new ArrayList<>();
    for (Resource kind : Described.all()) {
      for (Verb verb : kind.verbs()) {
        List<String> items = verb.arguments().stream().map(Verb.Argument::sample).toList();
        Call<?, ?> call = verb.call(new Verb.Named("acme.lab", items));
        JsonNode operation = operation(call);
        String what = kind.name() + " " + verb.name() + " (" + call + ")";
        switch (verb.kind()) {
          case LIST -> {
            check(wrong, what, "GET", call.method());
            names(verb).stream()
                .filter(name -> !parameters(operation).contains(name))
                .forEach(name -> wrong.add(what + " has no filter " + name));
          }
          case SHOW, WAIT -> check(wrong, what, "GET", call.method());
          case ACT -> fits(wrong, what, verb, schema(operation));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** One who waits may wait for each state that the document has, and for no other. */
  @Test
  void everyStateOfTheDocumentCanBeWaitedFor() {
    int compared = 0;
    for (Resource kind : Described.all()) {
      for (Verb verb : kind.verbs()) {
        if (verb.kind() == Verb.Kind.WAIT) {
          assertThat(verb.states()).as(kind.name()).contains(verb.inputs().getFirst().sample());
          List<String> items = verb.arguments().stream().map(Verb.Argument::sample).toList();
          List<String> documented = states(verb.call(new Verb.Named("acme.lab", items)));
          if (!documented.isEmpty()) {
            assertThat(verb.states()).as(kind.name()).isEqualTo(documented);
            compared++;
          }
        }
      }
    }
    assertThat(compared).isPositive();
  }

  /** Of the thing that is answered; none where the document does not say. */
  private static List<String> states(Call<?, ?> call) {
    JsonNode answer = operation(call).at("/responses/200/content/application~1json/schema");
    List<String> states = new ArrayList<>();
    resolved(resolved(answer).path("properties").path("state"))
        .path("enum")
        .forEach(state -> states.add(state.asText()));
    return states;
  }

  @Test
  void everySampleOfADescriptionIsAValue() {
    try (Console console = new Console(Path.of("."))) {
      for (Resource kind : Described.all()) {
        for (Verb verb : kind.verbs()) {
          verb.inputs()
              .forEach(
                  input ->
                      assertThat(
                              input.value(
                                  List.of(
                                      input.kind() == Input.Kind.FLAG ? "true" : input.sample()),
                                  console.context().clock()))
                          .as(kind.name() + " " + verb.name() + " --" + input.option())
                          .isNotNull());
        }
      }
    }
  }

  private static void fits(List<String> wrong, String what, Verb verb, JsonNode body) {
    Set<String> known = new TreeSet<>();
    body.path("properties").fieldNames().forEachRemaining(known::add);
    names(verb).stream()
        .filter(name -> !known.contains(name))
        .forEach(name -> wrong.add(what + " has no field " + name));
    Set<String> given =
        verb.inputs().stream()
            .filter(Input::required)
            .map(Input::field)
            .collect(Collectors.toSet());
    for (JsonNode required : body.path("required")) {
      if (!given.contains(required.asText()) && !verb.isFromFile()) {
        wrong.add(what + " needs " + required.asText());
      }
    }
  }

  private static void check(List<String> wrong, String what, String wanted, String method) {
    if (!wanted.equals(method)) {
      wrong.add(what + " is no " + wanted);
    }
  }

  private static Set<String> names(Verb verb) {
    return verb.inputs().stream().map(Input::field).collect(Collectors.toSet());
  }

  private static Set<String> parameters(JsonNode operation) {
    Set<String> names = new TreeSet<>();
    operation.path("parameters").forEach(p -> names.add(p.path("name").asText()));
    return names;
  }

  private static JsonNode schema(JsonNode operation) {
    return resolved(
        operation.path("requestBody").path("content").path("application/json").path("schema"));
  }

  private static JsonNode resolved(JsonNode schema) {
    String ref = schema.path("$ref").asText("");
    return ref.isEmpty()
        ? schema
        : API.path("components").path("schemas").path(ref.substring(ref.lastIndexOf('/') + 1));
  }

  private static JsonNode operation(Call<?, ?> call) {
    String method = call.method().toLowerCase(Locale.ROOT);
    return API.path("paths").properties().stream()
        .filter(path -> call.path().matches(path.getKey().replaceAll("\\{[^}]+}", "[^/]+")))
        .filter(path -> path.getValue().has(method))
        .min(
            (a, b) ->
                Integer.compare(a.getKey().split("\\{").length, b.getKey().split("\\{").length))
        .orElseThrow(() -> new AssertionError(call + " is not in the document"))
        .getValue()
        .path(method);
  }

  private static Map<String, JsonNode> operations() {
    Map<String, JsonNode> all = new TreeMap<>();
    API.path("paths")
        .forEach(
            path ->
                path.properties().stream()
                    .filter(method -> METHODS.contains(method.getKey()))
                    .forEach(
                        method ->
                            all.put(
                                name(method.getValue().path("operationId").asText()),
                                method.getValue())));
    return all;
  }

  /** As the generated client calls it. */
  private static String name(String operationId) {
    String first = operationId.substring(0, 1).toLowerCase(Locale.ROOT) + operationId.substring(1);
    return Pattern.compile("_(.)")
        .matcher(first)
        .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
  }

  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/gpucloud/cli"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  private static JsonNode document() {
    String root = Objects.requireNonNull(System.getProperty("gpucloud.root"), "gpucloud.root");
    try {
      return Json.parseYaml(Files.readAllBytes(Path.of(root, "docs", "openapi", "released.yaml")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
