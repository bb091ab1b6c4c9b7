package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;

/** An answer of the API with a status below 400. */
public record ApiResponse(int status, HttpHeaders headers, JsonNode body, String text) {

  /** The value of a header, empty when absent. */
  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }
}
