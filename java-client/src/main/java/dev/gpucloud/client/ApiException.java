package dev.gpucloud.client;

import com.fasterxml.jackson.databind.JsonNode;

/** A refusal of the API as of RFC 9457; {@link #code} is what to switch on. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final transient JsonNode problem;

  ApiException(int status, JsonNode problem) {
    super(status + " " + problem.path("code").asText() + ": " + problem.path("detail").asText());
    this.status = status;
    this.problem = problem;
  }

  public int status() {
    return status;
  }

  public String code() {
    return problem.path("code").asText();
  }

  /** The problem as it came: detail, errors by pointer, parameters. */
  public JsonNode problem() {
    return problem;
  }
}
