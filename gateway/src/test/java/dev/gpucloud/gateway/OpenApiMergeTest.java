package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenApiMergeTest {
  private static final JsonObject TENANT =
      new JsonObject(
          """
          {"paths":{"/api/v1/me":{"get":{"x":{"$ref":"#/components/schemas/Page"}}},
                    "/internal/v1/x":{"get":{}}},
           "components":{"schemas":{"Page":{"type":"object"},"Same":{"type":"string"}},
                         "securitySchemes":{"oidc":{"type":"http"}}}}""");
  private static final JsonObject INVENTORY =
      new JsonObject(
          """
          {"paths":{"/api/v1/capacity":{"get":{"x":{"$ref":"#/components/schemas/Page"}}},
                    "/api/v1/me":{"get":{"stolen":true}},
                    "/api/v1/projects/{project}/instances/{instance}":{"get":{}}},
           "components":{"schemas":{
             "Page":{"type":"object","properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/Page"}}}},
             "Same":{"type":"string"}}}}""");

  private final JsonObject merged =
      OpenApiMerge.merge(
          List.of(
              new OpenApiMerge.Source(Upstream.TENANT, TENANT),
              new OpenApiMerge.Source(Upstream.INVENTORY, INVENTORY)));

  @Test
  void holdsThePathsTheGatewayCarriesEachFromItsOwner() {
    assertThat(merged.getJsonObject("paths").fieldNames())
        .containsExactlyInAnyOrder(
            "/api/v1/me", "/api/v1/capacity", "/api/v1/projects/{project}/instances/{instance}");
    assertThat(merged.getJsonObject("paths").getJsonObject("/api/v1/me").encode())
        .doesNotContain("stolen");
  }

  @Test
  void keepsTwoSchemasOfOneNameApart() {
    JsonObject schemas = merged.getJsonObject("components").getJsonObject("schemas");
    assertThat(schemas.fieldNames()).containsExactlyInAnyOrder("Page", "Same", "InventoryPage");
    assertThat(merged.getJsonObject("paths").getJsonObject("/api/v1/me").encode())
        .contains("\"#/components/schemas/Page\"");
    assertThat(merged.getJsonObject("paths").getJsonObject("/api/v1/capacity").encode())
        .contains("\"#/components/schemas/InventoryPage\"");
    assertThat(schemas.getJsonObject("InventoryPage").encode())
        .contains("\"#/components/schemas/InventoryPage\"");
  }

  @Test
  void saysHowToAuthenticate() {
    assertThat(merged.getJsonObject("components").getJsonObject("securitySchemes").encode())
        .startsWith("{\"SecurityScheme\":{\"type\":\"http\",\"scheme\":\"bearer\"");
  }

  @Test
  void whatTheGatewayAnswersItselfIsThereToo() {
    JsonObject whole = OwnApi.addTo(merged.copy());
    assertThat(whole.getJsonObject("paths").fieldNames()).contains("/api/v1/me", EventStreams.PATH);
    assertThat(
            whole
                .getJsonObject("paths")
                .getJsonObject(EventStreams.PATH)
                .getJsonObject("get")
                .getJsonObject("responses")
                .fieldNames())
        .contains("200", "410", "429");
  }
}
