package dev.gpucloud.tenant.request;

import dev.gpucloud.contracts.problem.ProblemType;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads query parameters. */
public final class Parameters {
  private Parameters() {}

  /** A constant by name; empty when the parameter was not sent. */
  public static <E extends Enum<E>> Optional<E> oneOf(
      String name, @Nullable String value, Class<E> type) {
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(type.getEnumConstants())
            .filter(constant -> constant.name().equals(value))
            .findFirst()
            .orElseThrow(
                () ->
                    ProblemType.INVALID_PARAMETER
                        .because("The parameter " + name + " has an unknown value.")
                        .at(name, "expected one of " + Arrays.toString(type.getEnumConstants()))));
  }
}
