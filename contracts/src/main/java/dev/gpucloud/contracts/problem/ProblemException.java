package dev.gpucloud.contracts.problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Carries a problem of the registry to the edge, where it becomes an RFC 9457 answer. */
public final class ProblemException extends RuntimeException {
  private final ProblemType type;
  private final transient Map<String, Object> params;
  private final transient List<FieldError> errors;

  public ProblemException(
      ProblemType type, String detail, Map<String, ?> params, List<FieldError> errors) {
    super(detail);
    this.type = type;
    this.params = new LinkedHashMap<>(params);
    this.errors = List.copyOf(errors);
  }

  public ProblemType type() {
    return type;
  }

  public String detail() {
    return getMessage();
  }

  /** Values a client may act on, such as a limit and what was asked. */
  public Map<String, Object> params() {
    return params;
  }

  /** All violations at once, empty when the problem is not about fields. */
  public List<FieldError> errors() {
    return errors;
  }

  /** The same problem with one more parameter. */
  public ProblemException with(String name, Object value) {
    var more = new LinkedHashMap<>(params);
    more.put(name, value);
    return new ProblemException(type, detail(), more, errors);
  }

  /** The same problem with one more violation. */
  public ProblemException at(String pointer, String violation) {
    var more = new ArrayList<>(errors);
    more.add(new FieldError(pointer, violation));
    return new ProblemException(type, detail(), params, more);
  }

  /** An expected refusal needs no stack trace, and taking one would cost more than the answer. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
