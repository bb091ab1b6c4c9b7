package dev.gpucloud.systemtests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RequestGeneratorTest {
  private static final String DOCUMENT =
      """
      {
        "paths": {
          "/api/v1/things": {
            "get": {"parameters": [{"name": "pageSize", "in": "query", "schema": {"type": "string"}}]},
            "post": {
              "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Make"}}}}
            }
          },
          "/api/v1/things/{thing}": {
            "patch": {
              "parameters": [
                {"name": "thing", "in": "path", "schema": {"$ref": "#/components/schemas/ThingId"}},
                {"name": "If-Match", "in": "header", "schema": {"type": "string"}}
              ],
              "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Make"}}}}
            }
          }
        },
        "components": {"schemas": {
          "ThingId": {"type": "string", "pattern": "^thg_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
          "Make": {"type": "object", "required": ["name", "sizes", "id"], "properties": {
            "name": {"type": "string", "examples": ["nightly"]},
            "kind": {"type": "string", "enum": ["A", "B"]},
            "id": {"$ref": "#/components/schemas/ThingId"},
            "sizes": {"type": "array", "items": {"type": "integer", "minimum": 4}}}}
        }}
      }\
      """;

  private final ApiDocument document = new ApiDocument(json(DOCUMENT));
  private final RequestGenerator generator = generator(7);

  private RequestGenerator generator(long seed) {
    return new RequestGenerator(document, Harvest.none(), seed);
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String wire(FuzzRequest request) {
    return new String(request.bytes("host:1", "token"), StandardCharsets.ISO_8859_1);
  }

  @Test
  void aNumberOfASeedIsAlwaysTheSameRequest() {
    for (long number = 0; number < 300; number++) {
      assertThat(wire(generator(7).request(number))).isEqualTo(wire(generator.request(number)));
    }
    assertThat(LongStream.range(0, 100).mapToObj(n -> wire(generator(8).request(n))))
        .isNotEqualTo(LongStream.range(0, 100).mapToObj(n -> wire(generator.request(n))).toList());
  }

  @Test
  void goesRoundAllOperationsCallersAndMutations() {
    Set<String> operations = new HashSet<>();
    Set<Caller> callers = new HashSet<>();
    Set<String> changes = new HashSet<>();
    for (long number = 0; number < 3_000; number++) {
      FuzzRequest request = generator.request(number);
      operations.add(request.operation().toString());
      callers.add(request.caller());
      changes.addAll(request.changes());
    }

    assertThat(operations).hasSize(3);
    assertThat(callers).contains(Caller.OWNER, Caller.ADMIN, Caller.NOBODY);
    assertThat(changes)
        .containsAll(
            Stream.<Mutation[]>of(
                    BodyMutation.values(), AddressMutation.values(), HeaderMutation.values())
                .flatMap(Stream::of)
                .map(Mutation::name)
                .toList());
  }

  @Test
  void whatIsNoJsonIsTheExampleOfIt() {
    ApiDocument imports =
        new ApiDocument(
            json(
                """
                {"paths": {"/api/v1/imports": {"post": {"requestBody": {"content": {
                  "text/csv": {"schema": {"type": "string"}, "example": "date,amount\\n"}}}}}}}"""));
    RequestGenerator ofImports = new RequestGenerator(imports, Harvest.none(), 7);

    FuzzRequest request =
        LongStream.range(0, 1_000)
            .mapToObj(ofImports::request)
            .filter(one -> one.changes().isEmpty())
            .findFirst()
            .orElseThrow();

    assertThat(wire(request)).contains("Content-Type: text/csv").endsWith("\r\n\r\ndate,amount\n");
  }

  @Test
  void anUnchangedRequestIsValid() {
    FuzzRequest request =
        LongStream.range(0, 1_000)
            .mapToObj(generator::request)
            .filter(one -> one.changes().isEmpty() && one.method().equals("PATCH"))
            .findFirst()
            .orElseThrow();

    JsonNode body = Objects.requireNonNull(request.json());
    assertThat(body.path("name").asText()).isEqualTo("nightly");
    assertThat(body.path("sizes").path(0).asInt()).isEqualTo(4);
    assertThat(body.path("id").asText()).matches("thg_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(List.of("", "A", "B")).contains(body.path("kind").asText());
    assertThat(wire(request))
        .startsWith("PATCH /api/v1/things/thg_")
        .contains("\r\nIf-Match: \"", "\r\nAuthorization: Bearer token\r\n")
        .contains("\r\nContent-Length: " + JsonText.of(body).length() + "\r\n\r\n{");
  }

  @Test
  void aRequestIsShownAsACommandThatSendsIt() {
    FuzzRequest request =
        LongStream.range(0, 1_000)
            .mapToObj(generator::request)
            .filter(one -> one.changes().isEmpty() && one.method().equals("POST"))
            .filter(one -> one.caller() == Caller.OWNER)
            .findFirst()
            .orElseThrow();

    assertThat(request.curl("http://host:1"))
        .startsWith("curl -sig --path-as-is -X POST $'http://host:1/api/v1/things'")
        .contains("-H \"Authorization: Bearer $TOKEN\"", "-H $'Content-Type: application/json'")
        .contains("--data-binary $'{\"name\":\"nightly\"");
  }

  @Test
  void realIdsComeFromTheListsAndFromWhatLiesBelowThem() {
    ApiDocument deep =
        new ApiDocument(
            json(
                """
                {"paths": {
                  "/a": {"get": {}},
                  "/a/{one}/b": {"get": {}},
                  "/a/{one}/b/{two}": {"get": {}}}}\
                """));
    Harvest harvest =
        Harvest.of(
            deep,
            (operation, path) ->
                Optional.of(
                    json(
                        path.equals("/a")
                            ? "{\"items\": [{\"id\": \"x\"}, {\"id\": \"y\"}]}"
                            : "[{\"two\": \"" + path + "\", \"id\": \"no\"}]")));

    assertThat(harvest.of("/a", "one")).containsExactly("x", "y");
    assertThat(harvest.of("/a/{one}/b", "two")).containsExactly("/a/x/b");
    assertThat(harvest.of("/b", "three")).isEmpty();
  }
}
