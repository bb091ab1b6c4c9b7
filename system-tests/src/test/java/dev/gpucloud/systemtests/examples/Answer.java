package dev.gpucloud.systemtests.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

/** What came back; of a stream of events only its head. */
record Answer(int status, String mediaType, String etag, String body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  boolean isSuccess() {
    return status / 100 == 2;
  }

  /** The body, missing when it is no JSON. */
  JsonNode json() {
    try {
      return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  String shortened() {
    return body.length() > 600 ? body.substring(0, 600) + " ..." : body;
  }
}
