package dev.gpucloud.kit.openapi;

import dev.gpucloud.contracts.problem.Problem;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.idempotency.Idempotency;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/**
 * Describes refusals once for all operations: what follows from a route's shape (a token, an
 * If-Match, an Idempotency-Key, a body, values in its address, something that is acted on) is
 * added, and every refusal has the schema of a problem. A resource only annotates the refusals that
 * are its own.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public final class ProblemAnswers implements OASFilter {
  private static final String PROBLEM = "Problem";
  private static final String PUBLIC = "/api/"; // where parameters that are not known are refused
  private static final String PAGE_TOKEN = "pageToken";
  private static final String FIELD_ERROR = "FieldError";
  private static final List<String> WRITTEN_BY_THE_FRAMEWORK =
      List.of("Not Authorized", "Not Allowed");

  @Override
  public void filterOpenAPI(OpenAPI api) {
    if (api.getPaths() == null || api.getPaths().getPathItems() == null) {
      return;
    }
    if (api.getComponents() == null) {
      api.setComponents(OASFactory.createComponents());
    }
    api.getComponents().addSchema(FIELD_ERROR, fieldError()).addSchema(PROBLEM, problem());
    api.getPaths()
        .getPathItems()
        .forEach(
            (name, path) -> path.getOperations().values().forEach(op -> describe(name, path, op)));
  }

  private static void describe(String name, PathItem path, Operation operation) {
    if (operation.getResponses() == null) {
      operation.setResponses(OASFactory.createAPIResponses());
    }
    APIResponses answers = operation.getResponses();
    if (operation.getSecurity() == null || !operation.getSecurity().isEmpty()) {
      add(answers, ProblemType.UNAUTHENTICATED);
      add(answers, ProblemType.FORBIDDEN);
    }
    if (name.contains("{")) {
      add(answers, ProblemType.NOT_FOUND);
    }
    if (operation.getRequestBody() != null) {
      add(
          answers,
          ProblemType.MALFORMED_BODY,
          ProblemType.UNKNOWN_FIELD,
          ProblemType.VALIDATION_FAILED);
      add(answers, ProblemType.BODY_TOO_LARGE);
      add(answers, ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }
    if (name.startsWith(PUBLIC) || hasAddress(path, operation)) {
      add(answers, ProblemType.INVALID_PARAMETER);
    }
    if (takes(path, operation, PAGE_TOKEN)) {
      add(answers, ProblemType.INVALID_PAGE_TOKEN);
    }
    if (name.contains("{") && operation == path.getPOST()) {
      add(answers, ProblemType.STATE_CONFLICT);
    }
    if (takes(path, operation, HttpHeaders.IF_MATCH)) {
      add(answers, ProblemType.VERSION_MISMATCH);
      add(answers, ProblemType.PRECONDITION_REQUIRED);
    }
    if (takes(path, operation, Idempotency.HEADER)) {
      add(answers, ProblemType.IDEMPOTENCY_KEY_REQUIRED);
      add(answers, ProblemType.REQUEST_IN_PROGRESS);
      add(answers, ProblemType.IDEMPOTENCY_KEY_REUSED);
    }
    answers.getAPIResponses().forEach(ProblemAnswers::giveSchema);
  }

  private static boolean takes(PathItem path, Operation operation, String name) {
    return parameters(path, operation).anyMatch(p -> name.equalsIgnoreCase(p.getName()));
  }

  /** Whether its path or query has a value, which can be of a wrong form. */
  private static boolean hasAddress(PathItem path, Operation operation) {
    return parameters(path, operation)
        .anyMatch(p -> p.getIn() == Parameter.In.PATH || p.getIn() == Parameter.In.QUERY);
  }

  private static Stream<Parameter> parameters(PathItem path, Operation operation) {
    return Stream.of(path.getParameters(), operation.getParameters())
        .filter(list -> list != null)
        .flatMap(List::stream);
  }

  /** Adds refusals of one status to what the resource says of that status itself. */
  private static void add(APIResponses answers, ProblemType... types) {
    String status = Integer.toString(types[0].status());
    String said =
        Stream.of(types)
            .map(type -> type.name() + ": " + type.title() + ".")
            .collect(Collectors.joining(" "));
    APIResponse own = answers.getAPIResponse(status);
    if (own == null || WRITTEN_BY_THE_FRAMEWORK.contains(own.getDescription())) {
      answers.addAPIResponse(status, OASFactory.createAPIResponse().description(said));
    } else if (!own.getDescription().contains(types[0].name())) {
      own.setDescription(own.getDescription() + " " + said);
    }
  }

  private static void giveSchema(String status, APIResponse answer) {
    if (status.compareTo("400") >= 0 && answer.getContent() == null && answer.getRef() == null) {
      Schema reference = OASFactory.createSchema().ref(PROBLEM);
      answer.setContent(
          OASFactory.createContent()
              .addMediaType(Problem.MEDIA_TYPE, OASFactory.createMediaType().schema(reference)));
    }
  }

  private static Schema problem() {
    Schema errors =
        OASFactory.createSchema()
            .addType(SchemaType.ARRAY)
            .items(OASFactory.createSchema().ref(FIELD_ERROR));
    Schema params =
        OASFactory.createSchema()
            .addType(SchemaType.OBJECT)
            .additionalPropertiesSchema(OASFactory.createSchema().booleanSchema(true));
    return object("A refusal as of RFC 9457; code is what clients switch on.")
        .addProperty("type", text())
        .addProperty("title", text())
        .addProperty("status", OASFactory.createSchema().addType(SchemaType.INTEGER))
        .addProperty("detail", text())
        .addProperty("instance", text())
        .addProperty("code", text())
        .addProperty("requestId", text())
        .addProperty("params", params)
        .addProperty("errors", errors)
        .required(List.of("type", "title", "status", "detail", "code"));
  }

  private static Schema fieldError() {
    return object("A value at fault, by its JSON pointer into the body or its parameter.")
        .addProperty("pointer", text())
        .addProperty("detail", text())
        .required(List.of("pointer", "detail"));
  }

  private static Schema object(String description) {
    return OASFactory.createSchema().addType(SchemaType.OBJECT).description(description);
  }

  private static Schema text() {
    return OASFactory.createSchema().addType(SchemaType.STRING);
  }
}
