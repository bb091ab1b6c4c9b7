package dev.gpucloud.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyFaultsTest {
  private final ObjectMapper mapper = new ObjectMapper().findAndRegisterModules();

  /** What a request may hold. */
  record Body(
      @Nullable String name,
      @Nullable Integer count,
      @Nullable Instant at,
      @Nullable List<Part> parts) {}

  /** A part of it. */
  record Part(@Nullable Integer size) {}

  BodyFaultsTest() {
    new StrictJson().customize(mapper);
  }

  @Test
  void tellsWhatIsWrongAnywhere() throws IOException {
    ProblemException problem =
        refusal(
            """
            {"name": 7, "count": "x", "at": "now", "colour": "red",
             "parts": [{"size": 1}, {"size": "big", "weight": 2}, 3]}""");

    assertThat(problem.type()).isEqualTo(ProblemType.VALIDATION_FAILED);
    assertThat(problem.detail()).isEqualTo("7 values are invalid.");
    assertThat(problem.errors())
        .extracting(FieldError::pointer)
        .containsExactlyInAnyOrder(
            "/name", "/count", "/at", "/colour", "/parts/1/size", "/parts/1/weight", "/parts/2");
  }

  @Test
  void tellsOneFaultAsItIs() throws IOException {
    ProblemException problem = refusal("{\"colour\": \"red\"}");

    assertThat(problem.type()).isEqualTo(ProblemType.UNKNOWN_FIELD);
    assertThat(problem.errors()).hasSize(1);
  }

  @Test
  void tellsBrokenConstraintsOfTheRestAsWell() throws IOException {
    var broken = List.of(new FieldError("/count", "must be there"), new FieldError("/name", "x"));

    ProblemException problem = refusal("{\"count\": \"many\"}", broken);

    assertThat(problem.errors())
        .containsExactly(
            new FieldError("/count", "must be a whole number"), new FieldError("/name", "x"));
  }

  @Test
  void saysOfABodyOfAnotherShapeThatItIs() throws IOException {
    assertThat(refusal("[1]").errors()).extracting(FieldError::pointer).containsExactly("");
    assertThat(refusal("{\"name\":").type()).isEqualTo(ProblemType.MALFORMED_BODY);
  }

  @Test
  void endsWithBodiesThatHaveMoreFaultsThanAnybodyReads() throws IOException {
    StringBuilder body = new StringBuilder("{");
    for (int i = 0; i < 500; i++) {
      body.append("\"f").append(i).append("\": 1, ");
    }

    assertThat(refusal(body.append("\"name\": 1}").toString()).errors()).hasSize(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"name\": [], ", "{\"name\": [], \"count\": 1, \"count\": 2}"})
  void tellsTheFirstFaultOfABodyThatIsNoWholeJsonBehindIt(String body) throws IOException {
    assertThat(refusal(body).errors()).extracting(FieldError::pointer).containsExactly("/name");
  }

  private ProblemException refusal(String body) throws IOException {
    return refusal(body, List.of());
  }

  private ProblemException refusal(String body, List<FieldError> broken) throws IOException {
    JacksonException first =
        catchThrowableOfType(JacksonException.class, () -> mapper.readValue(body, Body.class));
    return new BodyFaults(mapper.readerFor(Body.class), rest -> broken)
        .all(first, body.getBytes(StandardCharsets.UTF_8));
  }
}
