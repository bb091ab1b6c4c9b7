package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openapitools.openapidiff.core.OpenApiCompare;
import org.openapitools.openapidiff.core.model.ChangedOpenApi;

/** Clients made from the released document go on working with what the gateway says now. */
class ContractTest {
  private static final JsonObject NONE = new JsonObject();
  private static final String INSTANCES = "/api/v1/projects/{project}/instances";

  /** What a client would stumble over. */
  private static List<String> broken(JsonObject before, JsonObject after) {
    ChangedOpenApi found = OpenApiCompare.fromContents(before.encode(), after.encode());
    Stream<String> gone =
        found.getMissingEndpoints().stream()
            .map(e -> e.getMethod() + " " + e.getPathUrl() + " is gone");
    Stream<String> changed =
        found.getChangedOperations().stream()
            .filter(o -> o.isIncompatible())
            .map(o -> o.getHttpMethod() + " " + o.getPathUrl() + " is another");
    return Stream.of(gone, changed, unsaid(before, after)).flatMap(all -> all).sorted().toList();
  }

  /**
   * Fields that are not there any more; the comparison holds one that need not be sent for free.
   */
  private static Stream<String> unsaid(JsonObject before, JsonObject after) {
    JsonObject now = schemas(after);
    return schemas(before).stream()
        .flatMap(
            schema -> {
              JsonObject then = (JsonObject) schema.getValue();
              JsonObject fields = now.getJsonObject(schema.getKey(), new JsonObject());
              return then.getJsonObject("properties", new JsonObject()).fieldNames().stream()
                  .filter(field -> !fields.getJsonObject("properties", NONE).containsKey(field))
                  .map(field -> schema.getKey() + "." + field + " is gone");
            });
  }

  private static JsonObject released() {
    return Contract.read(Contract.RELEASED);
  }

  @Test
  void breaksNothingThatWasReleased() throws IOException {
    if (Boolean.getBoolean("gpucloud.contract.release")) {
      Files.writeString(Contract.RELEASED, Contract.yaml(Contract.now()));
    }

    assertThat(broken(released(), Contract.now()))
        .as("a breaking change needs a new version of the API, or a release that says so")
        .isEmpty();
  }

  @Test
  void isOneDocumentWhoseOperationsHaveNamesOfTheirOwn() {
    var ids = new TreeSet<String>();
    JsonObject paths = Contract.now().getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject item = paths.getJsonObject(path);
      for (String method : List.of("get", "put", "post", "patch", "delete")) {
        if (item.containsKey(method)) {
          String id = item.getJsonObject(method).getString("operationId");
          assertThat(id).as(method + " " + path).isNotBlank();
          assertThat(ids.add(id)).as("two operations are called " + id).isTrue();
        }
      }
    }
    assertThat(ids).hasSizeGreaterThan(200);
  }

  @Test
  void everyOperationSaysWhatItAnswersWhenItSucceeds() {
    List<String> silent = new ArrayList<>();
    JsonObject paths = Contract.now().getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject item = paths.getJsonObject(path);
      for (String method : List.of("get", "put", "post", "patch", "delete")) {
        JsonObject operation = item.getJsonObject(method);
        if (operation != null
            && operation.getJsonObject("responses", NONE).fieldNames().stream()
                .noneMatch(status -> status.startsWith("2"))) {
          silent.add(method + " " + path);
        }
      }
    }

    assertThat(silent).isEmpty();
  }

  @Test
  void seesThatAnOperationIsGone() {
    JsonObject after = released();
    after.getJsonObject("paths").remove(INSTANCES);

    assertThat(broken(released(), after))
        .contains("GET " + INSTANCES + " is gone", "POST " + INSTANCES + " is gone");
  }

  @Test
  void seesThatABodyNeedsMore() {
    JsonObject after = released();
    schema(after, "CreateInstanceRequest")
        .put("required", new JsonArray().add("sshKeys").add("name"));

    assertThat(broken(released(), after)).contains("POST " + INSTANCES + " is another");
  }

  @Test
  void seesThatAnAnswerSaysLess() {
    JsonObject after = released();
    schema(after, "InstanceView").getJsonObject("properties").remove("state");

    assertThat(broken(released(), after)).containsExactly("InstanceView.state is gone");
  }

  @Test
  void letsAnAnswerSayMore() {
    JsonObject after = released();
    schema(after, "InstanceView")
        .getJsonObject("properties")
        .put("colour", new JsonObject().put("type", "string"));

    assertThat(broken(released(), after)).isEmpty();
  }

  private static JsonObject schemas(JsonObject document) {
    return document.getJsonObject("components").getJsonObject("schemas");
  }

  private static JsonObject schema(JsonObject document, String name) {
    return schemas(document).getJsonObject(name);
  }
}
