package dev.gpucloud.kit.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * All that is wrong with a body, where reading stops at the first: what is wrong is taken out and
 * the rest read again, until it can be read or the fault is no field.
 */
final class BodyFaults {
  private static final int MOST = 20;

  private final ObjectReader reader;
  private final Function<Object, List<FieldError>> constraints;

  /**
   * @param constraints what breaks the rules of a body that could be read
   */
  BodyFaults(ObjectReader reader, Function<Object, List<FieldError>> constraints) {
    this.reader = reader;
    this.constraints = constraints;
  }

  /**
   * The problem with every fault of the body: of the kind of the first. Alone stands the first of a
   * body that is no whole JSON behind it, or has a field twice.
   */
  ProblemException all(JacksonException first, byte[] body) throws IOException {
    ProblemException problem = ProblemMappers.ofJson(first);
    if (problem.type() == ProblemType.MALFORMED_BODY) {
      return problem;
    }
    List<FieldError> faults;
    try {
      faults = faults(reader.readTree(body));
    } catch (JacksonException noTree) {
      return problem;
    }
    if (faults.size() < 2) {
      return problem;
    }
    String detail =
        problem.type() == ProblemType.VALIDATION_FAILED
            ? faults.size() + " values are invalid."
            : problem.detail();
    return new ProblemException(problem.type(), detail, problem.params(), faults);
  }

  private List<FieldError> faults(JsonNode body) throws IOException {
    List<FieldError> faults = new ArrayList<>();
    while (faults.size() < MOST) {
      try {
        Object rest = reader.readValue(body);
        List<FieldError> broken = rest == null ? List.of() : constraints.apply(rest);
        broken.stream()
            .filter(rule -> faults.stream().noneMatch(fault -> isWithin(rule, fault)))
            .forEach(faults::add);
        return faults;
      } catch (JacksonException next) {
        List<FieldError> told = ProblemMappers.ofJson(next).errors();
        if (told.isEmpty()) {
          return faults;
        }
        FieldError fault = told.getFirst();
        boolean isNew = faults.stream().noneMatch(known -> isWithin(fault, known));
        if (!isNew || !takeOut(body, JsonPointer.compile(fault.pointer()))) {
          return faults;
        }
        faults.add(fault);
      }
    }
    return faults;
  }

  /** What was taken out breaks rules as well, which nobody needs to hear. */
  private static boolean isWithin(FieldError one, FieldError other) {
    return (one.pointer() + "/").startsWith(other.pointer() + "/");
  }

  private static boolean takeOut(JsonNode body, JsonPointer at) {
    if (at.matches()) {
      return false;
    }
    return switch (body.at(at.head())) {
      case ObjectNode object -> object.remove(at.last().getMatchingProperty()) != null;
      case ArrayNode array when array.has(at.last().getMatchingIndex()) -> {
        array.setNull(at.last().getMatchingIndex());
        yield true;
      }
      default -> false;
    };
  }
}
