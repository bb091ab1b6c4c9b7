package dev.gpucloud.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes one OpenAPI document of the services' own: only paths that the route table carries, each
 * from the service that owns it. Schemas of one name and different content get their service's name
 * in front.
 */
final class OpenApiMerge {
  private static final String SCHEMA = "#/components/schemas/";

  /** Under the name by which the services' operations ask for it. */
  private static final JsonObject SECURITY =
      new JsonObject()
          .put(
              "SecurityScheme",
              new JsonObject()
                  .put("type", "http")
                  .put("scheme", "bearer")
                  .put(
                      "description",
                      "An access token of the identity provider that"
                          + " /.well-known/oauth-protected-resource names, or an API key."));

  private OpenApiMerge() {}

  /** A service's document. */
  record Source(Upstream upstream, JsonObject document) {}

  static JsonObject merge(List<Source> sources) {
    JsonObject paths = new JsonObject();
    JsonObject schemas = new JsonObject();
    for (Source source : sources) {
      JsonObject components = source.document().getJsonObject("components", new JsonObject());
      Map<String, String> renamed =
          addSchemas(source, components.getJsonObject("schemas", new JsonObject()), schemas);
      addPaths(source, paths, renamed);
    }
    return new JsonObject()
        .put("openapi", "3.1.0")
        .put(
            "info",
            new JsonObject()
                .put("title", "GPU cloud API")
                .put("version", "v1")
                .put("description", "Everything the gateway carries."))
        .put("paths", paths)
        .put(
            "components",
            new JsonObject().put("schemas", schemas).put("securitySchemes", SECURITY));
  }

  private static Map<String, String> addSchemas(Source source, JsonObject from, JsonObject to) {
    Map<String, String> renamed = new HashMap<>();
    from.forEach(
        schema -> {
          Object known = to.getValue(schema.getKey());
          if (known != null && !known.equals(schema.getValue())) {
            renamed.put(schema.getKey(), prefix(source.upstream()) + schema.getKey());
          }
        });
    from.forEach(
        schema ->
            to.put(
                renamed.getOrDefault(schema.getKey(), schema.getKey()),
                rewritten(schema.getValue(), renamed)));
    return renamed;
  }

  private static void addPaths(Source source, JsonObject paths, Map<String, String> renamed) {
    source
        .document()
        .getJsonObject("paths", new JsonObject())
        .forEach(
            path -> {
              boolean carried =
                  RouteTable.find(path.getKey())
                      .filter(route -> route.upstream() == source.upstream())
                      .isPresent();
              if (carried) {
                paths.put(path.getKey(), rewritten(path.getValue(), renamed));
              }
            });
  }

  private static Object rewritten(Object node, Map<String, String> renamed) {
    return switch (node) {
      case JsonObject object -> {
        JsonObject copy = new JsonObject();
        object.forEach(
            field ->
                copy.put(
                    field.getKey(),
                    field.getKey().equals("$ref")
                        ? reference(String.valueOf(field.getValue()), renamed)
                        : rewritten(field.getValue(), renamed)));
        yield copy;
      }
      case JsonArray array -> {
        JsonArray copy = new JsonArray();
        array.forEach(item -> copy.add(rewritten(item, renamed)));
        yield copy;
      }
      case null, default -> node;
    };
  }

  private static String reference(String reference, Map<String, String> renamed) {
    if (!reference.startsWith(SCHEMA)) {
      return reference;
    }
    String name = reference.substring(SCHEMA.length());
    return SCHEMA + renamed.getOrDefault(name, name);
  }

  private static String prefix(Upstream upstream) {
    String name = upstream.name().toLowerCase(Locale.ROOT);
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
