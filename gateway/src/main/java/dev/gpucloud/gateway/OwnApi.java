package dev.gpucloud.gateway;

import io.vertx.core.json.JsonObject;

/** What the gateway itself answers below {@code /api/v1}, as a part of the API's document. */
final class OwnApi {
  private static final String EVENTS =
      """
      {
        "get": {
          "tags": ["Events"],
          "operationId": "EventStreams_listen",
          "security": [{"SecurityScheme": []}],
          "summary": "What happens, as Server-Sent Events",
          "description": "Events of the tenants and projects where the caller has a role. A stream that ended is resumed by Last-Event-ID without loss for 7 days; an event may come twice, with the same id in its data.",
          "parameters": [
            {
              "name": "types",
              "in": "query",
              "description": "Event types or families, comma-separated, 50 at most.",
              "schema": {"type": "string"},
              "example": "instance.*,invoice.issued"
            },
            {
              "name": "project",
              "in": "query",
              "description": "Only events of this project.",
              "schema": {"type": "string", "pattern": "^prj_[0-9a-f-]{36}$"}
            },
            {
              "name": "Last-Event-ID",
              "in": "header",
              "description": "Id of the last event heard.",
              "schema": {"type": "string"},
              "example": "0:17,1:5,2:90"
            }
          ],
          "responses": {
            "200": {
              "description": "A stream that ends with its token at the latest; each event is a CloudEvent in JSON.",
              "content": {"text/event-stream": {"schema": {"type": "string"}}}
            },
            "400": {"description": "A parameter or Last-Event-ID is not valid."},
            "401": {"description": "No valid token or API key."},
            "410": {"description": "Events after Last-Event-ID are no longer kept."},
            "429": {"description": "Too many streams or requests."},
            "503": {"description": "Events cannot be read at the moment."}
          }
        }
      }
      """;

  private OwnApi() {}

  static JsonObject addTo(JsonObject document) {
    document.getJsonObject("paths").put(EventStreams.PATH, new JsonObject(EVENTS));
    return document;
  }
}
