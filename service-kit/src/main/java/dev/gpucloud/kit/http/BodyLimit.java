package dev.gpucloud.kit.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.problem.Problem;
import dev.gpucloud.contracts.problem.ProblemLanguage;
import dev.gpucloud.contracts.problem.ProblemType;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Answers an announced body over the limit with a problem before a byte of it is read. */
@ApplicationScoped
class BodyLimit {
  private static final int EARLY = 10_000;

  private final ObjectMapper json;
  private final long limitBytes;

  BodyLimit(
      ObjectMapper json,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit) {
    this.json = json;
    this.limitBytes = limit.asLongValue();
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, EARLY);
  }

  private void check(RoutingContext request) {
    String length = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null || length.length() < 19 && Long.parseLong(length) <= limitBytes) {
      request.next();
      return;
    }
    request
        .response()
        .setStatusCode(413)
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end(Buffer.buffer(problem(request)));
  }

  private byte[] problem(RoutingContext request) {
    try {
      return json.writeValueAsBytes(
          Problem.of(
                  ProblemType.BODY_TOO_LARGE
                      .because("The body is over " + limitBytes + " bytes.")
                      .with("limitBytes", limitBytes),
                  request.request().path(),
                  RequestContextFilter.idOf(
                      request.request().getHeader(RequestContextFilter.HEADER)))
              .in(ProblemLanguage.asked(request.request().getHeader(HttpHeaders.ACCEPT_LANGUAGE))));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
