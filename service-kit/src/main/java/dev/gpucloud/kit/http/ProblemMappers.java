package dev.gpucloud.kit.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.Problem;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.annotation.Priority;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Turns whatever goes wrong in a request into a problem of the registry; nothing internal leaks.
 */
class ProblemMappers {
  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

  /** What resources call the parameter that takes the body. */
  private static final Set<String> BODIES = Set.of("body", "request", "patch");

  private static final Set<Class<?>> WHOLE =
      Set.of(int.class, Integer.class, long.class, Long.class);
  private static final Pattern TWICE = Pattern.compile("Duplicate field '(.*)'", Pattern.DOTALL);

  private final AllowedMethods allowed;

  ProblemMappers(AllowedMethods allowed) {
    this.allowed = allowed;
  }

  @ServerExceptionMapper
  RestResponse<Problem> problem(ProblemException e, ContainerRequestContext request) {
    return answer(e, request);
  }

  @ServerExceptionMapper
  RestResponse<Problem> validation(
      ConstraintViolationException e, ContainerRequestContext request) {
    List<FieldError> errors = errors(e.getConstraintViolations());
    return answer(
        new ProblemException(
            ProblemType.VALIDATION_FAILED,
            errors.size() + (errors.size() == 1 ? " value is" : " values are") + " invalid.",
            Map.of(),
            errors),
        request);
  }

  @ServerExceptionMapper
  RestResponse<Problem> json(MismatchedInputException e, ContainerRequestContext request) {
    return answer(ofJson(e), request);
  }

  /** Nested too deep, or a number or a name of absurd length. */
  @ServerExceptionMapper
  RestResponse<Problem> json(StreamConstraintsException e, ContainerRequestContext request) {
    return answer(
        ProblemType.MALFORMED_BODY
            .because("The body is nested too deep, or has a number or name that is too long.")
            .at("", "is beyond what a body may have"),
        request);
  }

  @ServerExceptionMapper
  RestResponse<Problem> web(WebApplicationException e, ContainerRequestContext request) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof JacksonException json) {
        return answer(ofJson(json), request);
      }
      if (t instanceof ProblemException problem) {
        return answer(problem, request);
      }
    }
    return e.getResponse().getStatus() == 405
        ? notAllowed(request)
        : answer(ofStatus(e.getResponse()), request);
  }

  private RestResponse<Problem> notAllowed(ContainerRequestContext request) {
    String methods = allowed.at(path(request));
    Problem body =
        Problem.of(
            ProblemType.METHOD_NOT_ALLOWED
                .because("The resource does not know this method.")
                .with("allowed", methods),
            path(request),
            requestId(request));
    return RestResponse.ResponseBuilder.create(RestResponse.Status.METHOD_NOT_ALLOWED, body)
        .type(Problem.MEDIA_TYPE)
        .header(HttpHeaders.ALLOW, methods)
        .build();
  }

  @ServerExceptionMapper
  @Priority(Priorities.AUTHENTICATION)
  RestResponse<Problem> unauthorized(UnauthorizedException e, ContainerRequestContext request) {
    return unauthenticated(request);
  }

  @ServerExceptionMapper
  @Priority(Priorities.AUTHENTICATION)
  RestResponse<Problem> failed(AuthenticationFailedException e, ContainerRequestContext request) {
    if (Outage.ofIssuer(e)) {
      LOG.warnf("keys of the token's issuer cannot be had: %s", String.valueOf(e.getCause()));
      return answer(
          ProblemType.UPSTREAM_UNAVAILABLE.because(
              "The identity provider does not answer, so the access token cannot be verified now."),
          request);
    }
    return unauthenticated(request);
  }

  @ServerExceptionMapper
  @Priority(Priorities.AUTHENTICATION)
  RestResponse<Problem> incomplete(
      AuthenticationCompletionException e, ContainerRequestContext request) {
    return unauthenticated(request);
  }

  @ServerExceptionMapper
  @Priority(Priorities.AUTHENTICATION)
  RestResponse<Problem> forbidden(
      ForbiddenException e, ContainerRequestContext request, ResourceInfo resource) {
    return answer(PlatformRoles.refusal(resource), request);
  }

  @ServerExceptionMapper
  RestResponse<Problem> unexpected(Throwable e, ContainerRequestContext request) {
    if (Outage.isBehind(e)) {
      LOG.warnf(
          "request %s met an outage: %s",
          request.getProperty(RequestContextFilter.HEADER), e.getMessage());
      return answer(
          ProblemType.UPSTREAM_UNAVAILABLE.because(
              "What this needs cannot be reached now; repeat it with the same Idempotency-Key."),
          request);
    }
    if (Outage.isNul(e)) {
      return answer(
          ProblemType.VALIDATION_FAILED.because("A text has the character U+0000, which none may."),
          request);
    }
    LOG.errorf(e, "request %s failed", request.getProperty(RequestContextFilter.HEADER));
    return answer(
        ProblemType.INTERNAL.because("The request could not be carried out; nothing was changed."),
        request);
  }

  private static RestResponse<Problem> unauthenticated(ContainerRequestContext request) {
    Problem body =
        Problem.of(
            ProblemType.UNAUTHENTICATED.because(
                "The access token is missing, expired, forged or meant for somebody else."),
            path(request),
            requestId(request));
    return RestResponse.ResponseBuilder.create(RestResponse.Status.UNAUTHORIZED, body)
        .type(Problem.MEDIA_TYPE)
        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
        .build();
  }

  private static RestResponse<Problem> answer(ProblemException e, ContainerRequestContext request) {
    Problem body = Problem.of(e, path(request), requestId(request));
    var builder =
        RestResponse.ResponseBuilder.<Problem>create(e.type().status())
            .entity(body)
            .type(Problem.MEDIA_TYPE);
    if (e.type().status() == 429 || e.type().status() == 503) {
      builder.header(HttpHeaders.RETRY_AFTER, "1");
    }
    if (e.type() == ProblemType.UNAUTHENTICATED) {
      builder.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    return builder.build();
  }

  private static ProblemException ofStatus(Response response) {
    int status = response.getStatus();
    return switch (status) {
      case 404 -> ProblemType.NOT_FOUND.because("There is no such resource.");
      case 406 -> ProblemType.NOT_ACCEPTABLE.because("Only application/json is available here.");
      case 413 -> ProblemType.BODY_TOO_LARGE.because("The body is over the limit.");
      case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE.because("Send the body as application/json.");
      case 400 -> ProblemType.MALFORMED_BODY.because("The request cannot be read.");
      default ->
          status < 500
              ? ProblemType.INVALID_PARAMETER.because("The request cannot be carried out.")
              : ProblemType.INTERNAL.because("The request could not be carried out.");
    };
  }

  /** A precise problem for a body that could not be read. */
  static ProblemException ofJson(JacksonException e) {
    return switch (e) {
      case UnrecognizedPropertyException unknown ->
          ProblemType.UNKNOWN_FIELD
              .because("The field '" + unknown.getPropertyName() + "' is not known here.")
              .at(pointer(unknown), "is not known" + known(unknown));
      case InvalidFormatException format ->
          ProblemType.VALIDATION_FAILED
              .because("1 value is invalid.")
              .at(
                  pointer(format),
                  "'" + format.getValue() + "' is not " + expected(format.getTargetType()));
      case MismatchedInputException mismatch ->
          ProblemType.VALIDATION_FAILED
              .because("1 value is invalid.")
              .at(pointer(mismatch), "must be " + expected(mismatch.getTargetType()));
      case JsonMappingException within
          when within.getCause() instanceof StreamReadException read
              && !(read instanceof InputCoercionException) ->
          malformed(read);
      case JsonMappingException mapping ->
          ProblemType.VALIDATION_FAILED
              .because("1 value is invalid.")
              .at(pointer(mapping), cause(mapping));
      default -> malformed(e);
    };
  }

  private static ProblemException malformed(JacksonException e) {
    JsonLocation at = e.getLocation();
    String place =
        at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    Matcher twice = TWICE.matcher(e.getOriginalMessage());
    return twice.matches()
        ? ProblemType.MALFORMED_BODY
            .because("The field '%s' stands twice%s.".formatted(twice.group(1), place))
            .at("", "'" + twice.group(1) + "' stands twice in one object")
        : ProblemType.MALFORMED_BODY
            .because("The body is not well-formed JSON" + place + ".")
            .at("", "must be well-formed JSON");
  }

  private static String known(UnrecognizedPropertyException e) {
    return e.getKnownPropertyIds() == null
        ? ""
        : "; known fields: "
            + String.join(
                ", ", e.getKnownPropertyIds().stream().map(Object::toString).sorted().toList());
  }

  /** Only our own messages are shown; a foreign one may name internals. */
  private static String cause(JsonMappingException e) {
    return switch (e.getCause()) {
      case IllegalArgumentException bad when bad.getMessage() != null -> bad.getMessage();
      case InputCoercionException coercion -> range(coercion.getTargetType());
      case null, default -> "is not valid";
    };
  }

  private static String range(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return "must be a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
    }
    return type == long.class || type == Long.class
        ? "must be a whole number from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE
        : "is out of range";
  }

  private static String expected(Class<?> type) {
    if (type == null) {
      return "another type";
    }
    if (type.isEnum()) {
      return "one of " + List.of(type.getEnumConstants());
    }
    if (WHOLE.contains(type)) {
      return "a whole number";
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive() && type != boolean.class) {
      return "a number";
    }
    return switch (type.getSimpleName()) {
      case "String" -> "a string";
      case "boolean", "Boolean" -> "true or false";
      case "List", "ArrayList", "Set" -> "an array";
      case "Instant", "OffsetDateTime", "ZonedDateTime" ->
          "an RFC 3339 time such as 2026-11-02T00:00:00Z";
      case "LocalDate" -> "a date such as 2026-11-02";
      case "YearMonth" -> "a month such as 2026-11";
      default -> "an object of the documented shape";
    };
  }

  private static String pointer(JsonMappingException e) {
    var pointer = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      pointer
          .append('/')
          .append(
              step.getFieldName() == null
                  ? Integer.toString(step.getIndex())
                  : step.getFieldName().replace("~", "~0").replace("/", "~1"));
    }
    return pointer.toString();
  }

  /** What breaks constraints, in the order of its places. */
  static List<FieldError> errors(Set<? extends ConstraintViolation<?>> violations) {
    return violations.stream()
        .map(v -> new FieldError(pointer(v), v.getMessage()))
        .sorted(Comparator.comparing(FieldError::pointer))
        .toList();
  }

  /** Body fields as JSON pointers, parameters by name. */
  private static String pointer(ConstraintViolation<?> violation) {
    var pointer = new StringBuilder();
    String parameter = "";
    for (Path.Node node : violation.getPropertyPath()) {
      if (node.getKind() == ElementKind.PARAMETER) {
        parameter = String.valueOf(node.getName());
      } else if (node.getKind() == ElementKind.PROPERTY
          || node.getKind() == ElementKind.CONTAINER_ELEMENT) {
        if (node.getIndex() != null) {
          pointer.append('/').append(node.getIndex());
        } else if (node.getKey() != null) {
          pointer.append('/').append(node.getKey());
        }
        if (node.getKind() == ElementKind.PROPERTY) {
          pointer.append('/').append(node.getName());
        }
      }
    }
    return pointer.isEmpty() && !BODIES.contains(parameter) ? parameter : pointer.toString();
  }

  private static String path(ContainerRequestContext request) {
    return request.getUriInfo().getRequestUri().getRawPath();
  }

  private static String requestId(ContainerRequestContext request) {
    Object id = request.getProperty(RequestContextFilter.HEADER);
    return id == null
        ? RequestContextFilter.idOf(request.getHeaderString(RequestContextFilter.HEADER))
        : id.toString();
  }
}
