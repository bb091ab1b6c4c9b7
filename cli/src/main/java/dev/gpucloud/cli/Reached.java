package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;

/**
 * What answers about a tenant: the address its members have, or the platform's for its staff, who
 * are no members.
 */
record Reached(String path, ApiResponse answer) {

  /** Reads it where the caller may; who may nowhere is told so as any member would be. */
  static Reached of(ApiClient api, String path) {
    return anywhere(path, where -> new Reached(where, api.get(where)));
  }

  /** As {@link #of} for a whole list. */
  static JsonNode list(ApiClient api, String path) {
    return anywhere(path, api::list);
  }

  private static <T> T anywhere(String path, Function<String, T> read) {
    try {
      return read.apply(path);
    } catch (ApiProblem notHere) {
      if (notHere.status() != 404 && notHere.status() != 403) {
        throw notHere;
      }
      return amongAll("/admin" + path, read, notHere);
    }
  }

  private static <T> T amongAll(String path, Function<String, T> read, ApiProblem notHere) {
    try {
      return read.apply(path);
    } catch (ApiProblem noStaff) {
      throw noStaff.status() == 403 ? notHere : noStaff;
    }
  }
}
