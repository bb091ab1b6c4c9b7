package dev.gpucloud.systemtests.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gpucloud.systemtests.examples.Declared.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A walk through the API as somebody who pastes the document's examples: each is sent as it stands
 * there, must succeed, and must be answered as declared. What is otherwise is noted, so that one
 * walk tells all of it.
 */
final class Tour {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String NOTHING = "nothing";

  private final Gateway gateway;
  private final Declared declared;
  private final Map<String, Refusal> refusals;
  private final Known known = new Known();
  private final Set<String> sent = new TreeSet<>();
  private final Set<String> refused = new TreeSet<>();
  private final Set<String> findings = new LinkedHashSet<>();

  Tour(Gateway gateway, Declared declared, Map<String, Refusal> refusals) {
    this.gateway = gateway;
    this.declared = declared;
    this.refusals = refusals;
  }

  /** What was not as it should be, in the order it was met. */
  List<String> findings() {
    return List.copyOf(findings);
  }

  /** What is known to be there, for paths. */
  Known known() {
    return known;
  }

  /** Operations with a body of which no example was sent. */
  List<String> unsent() {
    return declared.withBody().stream()
        .map(Operation::toString)
        .filter(name -> !sent.contains(name))
        .toList();
  }

  /** Refusals that were expected and not met. */
  List<String> unmet() {
    return refusals.keySet().stream().filter(name -> !refused.contains(name)).sorted().toList();
  }

  /** Sends the examples of an operation; {@code values} are those of its path, in order. */
  JsonNode send(String name, String user, String... values) {
    Operation operation = declared.operation(name);
    String path = there(operation, values);
    sent.add(name);
    Answer last = null;
    for (Map.Entry<String, String> example : declared.examples(operation).entrySet()) {
      last =
          ask(
              operation,
              query ->
                  gateway.send(
                      operation, user, path + query, example.getKey(), example.getValue()));
      hold(operation, user, path, last);
    }
    if (last == null) {
      findings.add(name + " has no example");
      return MissingNode.getInstance();
    }
    return last.json();
  }

  /** Prepares what a step needs by a request of the test's own, which must succeed. */
  JsonNode prepare(String name, String user, String body, String... values) {
    Operation operation = declared.operation(name);
    String path = there(operation, values);
    Answer answer = gateway.send(operation, user, path, "application/json", body);
    hold(operation, user, path, answer);
    return answer.json();
  }

  /** The path to what is there; what is not was not made, and is called so. */
  private String there(Operation operation, String... values) {
    if (List.of(values).contains("")) {
      String[] named = values.clone();
      Arrays.setAll(named, i -> values[i].isEmpty() ? NOTHING : values[i]);
      return Known.filled(operation.path(), named);
    }
    known.learn(operation.path(), values);
    return Known.filled(operation.path(), values);
  }

  JsonNode get(String user, String path) {
    return gateway.get(user, path).json();
  }

  /** Deletes what is there; gone already is as good. */
  void delete(String user, String path) {
    Answer answer = gateway.delete(user, path);
    if (!answer.isSuccess() && answer.status() != 404 && answer.status() != 409) {
      findings.add("DELETE %s: %d %s".formatted(path, answer.status(), answer.shortened()));
    }
  }

  /** Asks until a value is there; notes it when that takes too long. */
  void await(String user, String path, String pointer, String wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Answer seen = gateway.get(user, path);
    while (!seen.json().at(pointer).asText().equals(wanted)) {
      if (System.nanoTime() > deadline) {
        findings.add("%s at %s is not %s: %s".formatted(pointer, path, wanted, seen.shortened()));
        return;
      }
      rest();
      seen = gateway.get(user, path);
    }
  }

  private static void rest() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Reads by an operation with the callers who may; what is not known to be there is called so. */
  void read(Operation operation, List<String> users) {
    String path =
        known.paths(operation.path()).stream()
            .findFirst()
            .orElse(operation.path().replaceAll("\\{[A-Za-z]+}", NOTHING));
    for (String user : users) {
      Answer answer = ask(operation, query -> gateway.get(user, path + query));
      hold(operation, user, path, answer);
      known.learn(declared, operation.path(), path, answer.json());
    }
  }

  /** Asks, and again with the document's examples of the parameters that a refusal names. */
  private Answer ask(Operation operation, Function<String, Answer> asking) {
    Answer answer = asking.apply("");
    if (answer.status() != 400) {
      return answer;
    }
    List<String> query = new ArrayList<>();
    for (JsonNode error : answer.json().path("errors")) {
      String name = error.path("pointer").asText();
      operation.queryExample(name).ifPresent(value -> query.add(name + "=" + value));
    }
    if (query.isEmpty()) {
      return answer;
    }
    declared
        .violations(operation, answer)
        .forEach(wrong -> findings.add(operation + " without " + query + ": " + wrong));
    return asking.apply("?" + String.join("&", query));
  }

  private void hold(Operation operation, String user, String path, Answer answer) {
    List<String> wrong = new ArrayList<>(declared.violations(operation, answer));
    Refusal expected = refusals.get(operation.toString());
    if (expected != null && expected.isSeenIn(answer)) {
      refused.add(operation.toString());
    } else if (expected != null || !answer.isSuccess()) {
      wrong.addFirst("is not " + (expected == null ? "a success" : expected.toString()));
    }
    if (!wrong.isEmpty()) {
      findings.add(
          "%s at %s as %s: %s; answer %d %s"
              .formatted(operation, path, user, wrong, answer.status(), answer.shortened()));
    }
  }
}
