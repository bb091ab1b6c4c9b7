package dev.gpucloud.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes requests of a seed: valid as the document says, then changed in none, one or some ways.
 * Each number of a seed is made by itself; numbers one after the other go round all operations.
 */
final class RequestGenerator {
  private static final List<Mutation> MUTATIONS =
      Stream.<Mutation[]>of(
              BodyMutation.values(),
              BodyMutation.values(),
              AddressMutation.values(),
              HeaderMutation.values())
          .flatMap(Stream::of)
          .toList();

  private static final List<Caller> OF_ADMIN =
      List.of(Caller.ADMIN, Caller.ADMIN, Caller.ADMIN, Caller.ADMIN, Caller.OWNER);
  private static final List<Caller> OF_FINANCE =
      List.of(Caller.FINANCE, Caller.FINANCE, Caller.FINANCE, Caller.FINANCE, Caller.ADMIN);
  private static final List<Caller> OF_TENANT =
      List.of(Caller.OWNER, Caller.OWNER, Caller.OWNER, Caller.OWNER, Caller.ADMIN);

  /** What would take from the callers what later requests stand on: never with a real id. */
  private static final Set<String> RUINOUS =
      Set.of(
          "POST /api/v1/tenants/{tenant}/close",
          "POST /api/v1/admin/tenants/{tenant}/close",
          "POST /api/v1/admin/tenants/{tenant}/suspend",
          "PUT /api/v1/tenants/{tenant}/members/{subject}",
          "DELETE /api/v1/tenants/{tenant}/members/{subject}",
          "DELETE /api/v1/me/memberships/{membership}");

  private final List<Operation> operations;
  private final Samples samples;
  private final Harvest harvest;
  private final long seed;

  RequestGenerator(ApiDocument document, Harvest harvest, long seed) {
    this.operations = document.operations();
    this.samples = new Samples(document);
    this.harvest = harvest;
    this.seed = seed;
  }

  FuzzRequest request(long number) {
    Dice dice = new Dice(seed, number);
    Operation operation = operations.get((int) (number % operations.size()));
    Caller caller = dice.percent(8) ? Caller.NOBODY : dice.of(callers(operation));
    Draft draft = valid(operation, dice);
    int changes = dice.percent(8) ? 0 : dice.percent(70) ? 1 : 2 + dice.below(3);
    for (int i = 0; i < changes; i++) {
      List<Mutation> fitting = MUTATIONS.stream().filter(one -> one.fits(draft)).toList();
      Mutation mutation = dice.of(fitting);
      mutation.apply(draft, dice);
      draft.changes.add(mutation.name());
    }
    return new FuzzRequest(seed, number, caller, draft);
  }

  private static List<Caller> callers(Operation operation) {
    if (operation.path().startsWith("/api/v1/finance/")) {
      return OF_FINANCE;
    }
    return operation.path().startsWith("/api/v1/admin/") ? OF_ADMIN : OF_TENANT;
  }

  private Draft valid(Operation operation, Dice dice) {
    Draft draft = new Draft(operation);
    address(draft, dice);
    for (Operation.Parameter parameter : operation.in("query")) {
      if (dice.percent(25) && !parameter.name().equals("pageToken")) {
        draft.query.add(parameter.name() + "=" + encoded(value(parameter, dice)));
      }
    }
    draft.set("Accept", "*/*");
    if (operation.method().equals("POST")) {
      draft.set("Idempotency-Key", dice.uuid());
    }
    if (operation.in("header").stream().anyMatch(header -> header.name().equals("If-Match"))) {
      draft.set("If-Match", "\"" + dice.below(3) + "\"");
    }
    if (operation.hasBody()) {
      String type = dice.of(operation.contentTypes());
      draft.set("Content-Type", type.equals("*/*") ? "application/json" : type);
      body(draft, type, dice);
    }
    return draft;
  }

  /** The example beside the schema if there is one, which for what is no JSON is a text. */
  private void body(Draft draft, String type, Dice dice) {
    JsonNode example = draft.operation.examples().get(type);
    if (example == null) {
      draft.body = samples.of(draft.operation.bodySchema(), dice);
    } else if (example.isTextual()) {
      draft.raw(example.asText());
    } else {
      draft.body = example.deepCopy();
    }
  }

  private void address(Draft draft, Dice dice) {
    boolean ruinous = RUINOUS.contains(draft.operation.toString());
    List<String> prefix = new ArrayList<>();
    for (String segment : draft.operation.path().split("/", -1)) {
      if (segment.startsWith("{")) {
        draft.variable.add(draft.segments.size());
        String name = segment.substring(1, segment.length() - 1);
        List<String> real = harvest.of(String.join("/", prefix), name);
        boolean own = name.equals("tenant") || name.startsWith("project");
        boolean wanted = ruinous ? own && name.equals("project") : dice.percent(own ? 97 : 80);
        draft.segments.add(
            wanted && !real.isEmpty()
                ? encoded(dice.of(real))
                : encoded(unknown(draft, name, dice)));
      } else {
        draft.segments.add(segment);
      }
      prefix.add(segment);
    }
  }

  private String unknown(Draft draft, String name, Dice dice) {
    return draft.operation.in("path").stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .map(parameter -> value(parameter, dice))
        .orElse("fuzz-" + dice.below(100));
  }

  private String value(Operation.Parameter parameter, Dice dice) {
    if (!parameter.example().isMissingNode()) {
      return parameter.example().asText();
    }
    JsonNode made = samples.of(parameter.schema(), dice);
    return made.isValueNode() ? made.asText() : "fuzz";
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20").replace("%7E", "~");
  }
}
