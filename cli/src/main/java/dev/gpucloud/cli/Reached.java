package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import java.util.function.Supplier;

/**
 * What answers about a tenant: the address its members have, or the platform's for its staff, who
 * are no members.
 */
record Reached(boolean asStaff, ApiResponse answer) {

  /** Reads it where the caller may; who may nowhere is told so as any member would be. */
  static Reached of(ApiClient api, Call<Call.Nothing, ?> mine, Call<Call.Nothing, ?> ofAny) {
    return anywhere(
        () -> new Reached(false, api.get(mine)), () -> new Reached(true, api.get(ofAny)));
  }

  /** As {@link #of} for a whole list. */
  static JsonNode list(ApiClient api, Call<Call.Nothing, ?> mine, Call<Call.Nothing, ?> ofAny) {
    return anywhere(() -> api.list(mine), () -> api.list(ofAny));
  }

  /** What works at one address, else at the other. */
  static <T> T anywhere(Supplier<T> mine, Supplier<T> ofAny) {
    try {
      return mine.get();
    } catch (ApiProblem notHere) {
      if (notHere.status() != 404 && notHere.status() != 403) {
        throw notHere;
      }
      return amongAll(ofAny, notHere);
    }
  }

  private static <T> T amongAll(Supplier<T> ofAny, ApiProblem notHere) {
    try {
      return ofAny.get();
    } catch (ApiProblem noStaff) {
      throw noStaff.status() == 403 ? notHere : noStaff;
    }
  }
}
