package dev.gpucloud.contracts.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of every error answer (RFC 9457, media type {@code application/problem+json}). */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String instance,
    String code,
    @Nullable String requestId,
    @Nullable Map<String, Object> params,
    @Nullable List<FieldError> errors) {

  public static final String MEDIA_TYPE = "application/problem+json";

  /** The body for an occurrence at a request path. */
  public static Problem of(
      ProblemException problem, @Nullable String path, @Nullable String requestId) {
    ProblemType type = problem.type();
    return new Problem(
        type.typeUri(),
        type.title(),
        type.status(),
        problem.detail(),
        path,
        type.name(),
        requestId,
        problem.params(),
        problem.errors());
  }

  /** The same with its title in a language; what it says of this occurrence stays as it is. */
  public Problem in(ProblemLanguage language) {
    return new Problem(
        type,
        ProblemType.valueOf(code).title(language),
        status,
        detail,
        instance,
        code,
        requestId,
        params,
        errors);
  }
}
