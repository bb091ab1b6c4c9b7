package dev.gpucloud.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.kit.page.PageRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterValuesTest {

  /** Parameters of every kind. */
  interface Resource {
    void ask(
        @QueryParam("validateOnly") boolean validateOnly,
        @QueryParam("open") @Nullable Boolean open,
        @QueryParam("label") String label,
        @QueryParam("tenant") List<String> tenants,
        @BeanParam PageRequest page);
  }

  private static List<FieldError> faults(Map<String, List<String>> values) {
    return ParameterValues.faults(ParameterValues.typesOf(Resource.class.getMethods()[0]), values);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "1", "on", "", " ", "true ", "tru", "null"})
  void aSwitchIsTrueOrFalse(String value) {
    assertThat(faults(Map.of("validateOnly", List.of(value), "open", List.of(value))))
        .containsExactly(
            new FieldError("open", "must be true or false"),
            new FieldError("validateOnly", "must be true or false"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false", "TRUE", "False"})
  void takesBoth(String value) {
    assertThat(faults(Map.of("validateOnly", List.of(value), "open", List.of(value)))).isEmpty();
  }

  @Test
  void onlyAListMayBeGivenTwice() {
    List<String> twice = List.of("true", "false");

    assertThat(
            faults(
                Map.of("validateOnly", twice, "label", twice, "tenant", twice, "pageSize", twice)))
        .extracting(FieldError::pointer, FieldError::detail)
        .containsExactly(
            tuple("label", "may be given once"),
            tuple("pageSize", "may be given once"),
            tuple("validateOnly", "may be given once"));
  }

  @Test
  void whatIsNotGivenIsFine() {
    assertThat(faults(Map.of())).isEmpty();
  }
}
