package dev.gpucloud.kit.idempotency;

import dev.gpucloud.contracts.problem.Problem;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer as it was first given; {@code body} is its JSON text. */
public record StoredAnswer(
    byte[] requestHash, int status, Map<String, String> headers, @Nullable String body) {
  public static final String REPLAYED = "Idempotency-Replayed";

  /** The first answer. */
  public Response first() {
    return response().build();
  }

  /**
   * The same answer again, marked as a replay.
   *
   * @throws ProblemException IDEMPOTENCY_KEY_REUSED when the key came with another request
   */
  public Response replay(IdempotencyKey key) {
    if (!Arrays.equals(requestHash, key.requestHash())) {
      throw ProblemType.IDEMPOTENCY_KEY_REUSED.because(
          "The key '" + key.key() + "' was used for a request with another body.");
    }
    return response().header(REPLAYED, "true").build();
  }

  private Response.ResponseBuilder response() {
    Response.ResponseBuilder builder = Response.status(status);
    headers.forEach(builder::header);
    if (body != null) {
      builder.entity(body).type(status >= 400 ? Problem.MEDIA_TYPE : MediaType.APPLICATION_JSON);
    }
    return builder;
  }
}
