package dev.gpucloud.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
  private final ObjectMapper mapper = new ObjectMapper().findAndRegisterModules();

  /** What a request may hold. */
  record Body(@Nullable Instant at, @Nullable LocalDate day, @Nullable List<Instant> times) {}

  StrictJsonTest() {
    new StrictJson().customize(mapper);
  }

  @Test
  void readsWrittenTimes() throws JsonProcessingException {
    Body body =
        mapper.readValue(
            """
            {"at": "2026-11-02T09:00:00+09:00", "day": "2026-11-02", "times": [null]}""",
            Body.class);

    assertThat(body.at()).isEqualTo(Instant.parse("2026-11-02T00:00:00Z"));
    assertThat(body.day()).isEqualTo(LocalDate.of(2026, 11, 2));
    assertThat(body.times()).containsOnlyNulls();
    assertThat(mapper.readValue("{\"at\": null}", Body.class).at()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"at\": 1893456000}            | /at      | '1893456000' is not an RFC 3339 time such as 2026-11-02T00:00:00Z",
        "{\"at\": 1893456000.5}          | /at      | '1893456000.5' is not an RFC 3339 time such as 2026-11-02T00:00:00Z",
        "{\"at\": \"1893456000\"}        | /at      | '1893456000' is not an RFC 3339 time such as 2026-11-02T00:00:00Z",
        "{\"at\": \"\"}                  | /at      | '' is not an RFC 3339 time such as 2026-11-02T00:00:00Z",
        "{\"at\": true}                  | /at      | 'true' is not an RFC 3339 time such as 2026-11-02T00:00:00Z",
        "{\"times\": [\"x-y\"]}          | /times/0 | 'x-y' is not an RFC 3339 time such as 2026-11-02T00:00:00Z",
        "{\"times\": [7]}                | /times/0 | '7' is not an RFC 3339 time such as 2026-11-02T00:00:00Z",
        "{\"day\": 20000}                | /day     | '20000' is not a date such as 2026-11-02",
        "{\"at\": \"+999999999-12-31T00:00:00Z\"} | /at | '+999999999-12-31T00:00:00Z' is not an RFC 3339 time such as 2026-11-02T00:00:00Z",
        "{\"at\": \"0000-01-01T00:00:00Z\"} | /at   | '0000-01-01T00:00:00Z' is not an RFC 3339 time such as 2026-11-02T00:00:00Z",
        "{\"day\": \"+999999999-12-31\"} | /day     | '+999999999-12-31' is not a date such as 2026-11-02",
        "{\"day\": \"2026-11-02T00:00:00Z\"} | /day | '2026-11-02T00:00:00Z' is not a date such as 2026-11-02",
        "{\"day\": [2026, 11, 2]}        | /day     | 'a structure' is not a date such as 2026-11-02",
      })
  void refusesTimesThatAreNotWritten(String body, String pointer, String detail) {
    JacksonException failure =
        catchThrowableOfType(JacksonException.class, () -> mapper.readValue(body, Body.class));

    ProblemException problem = ProblemMappers.ofJson(failure);

    assertThat(problem.type()).isEqualTo(ProblemType.VALIDATION_FAILED);
    assertThat(problem.errors())
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.pointer()).isEqualTo(pointer);
              assertThat(error.detail()).isEqualTo(detail);
            });
  }

  /** A request with numbers and something within. */
  record Counted(int count, @Nullable Long size, @Nullable Body inner) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"count\": 1.5}                  | /count | '1.5' is not a whole number",
        "{\"count\": 99999999999}          | /count | must be a whole number from -2147483648 to 2147483647",
        "{\"size\": 99999999999999999999}  | /size  | must be a whole number from -9223372036854775808 to 9223372036854775807",
      })
  void namesTheRangeOfANumberBeyondIt(String body, String pointer, String detail) {
    ProblemException problem = refusal(body);

    assertThat(problem.type()).isEqualTo(ProblemType.VALIDATION_FAILED);
    assertThat(problem.errors()).containsExactly(new FieldError(pointer, detail));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"count\": 1, \"day\": 2, \"count\": 3}",
        "{\"inner\": {\"count\": null, \"count\": null}}"
      })
  void namesAFieldThatStandsTwice(String body) {
    ProblemException problem =
        ProblemMappers.ofJson(
            catchThrowableOfType(JacksonException.class, () -> mapper.readTree(body)));

    assertThat(problem.type()).isEqualTo(ProblemType.MALFORMED_BODY);
    assertThat(problem.getMessage()).startsWith("The field 'count' stands twice at line 1, column");
    assertThat(problem.errors())
        .containsExactly(new FieldError("", "'count' stands twice in one object"));
  }

  @Test
  void namesAFieldThatStandsTwiceWithinAnother() {
    ProblemException problem =
        refusal("{\"count\": 1, \"inner\": {\"day\": \"2026-11-02\", \"day\": null}}");

    assertThat(problem.type()).isEqualTo(ProblemType.MALFORMED_BODY);
    assertThat(problem.errors())
        .containsExactly(new FieldError("", "'day' stands twice in one object"));
  }

  private ProblemException refusal(String body) {
    return ProblemMappers.ofJson(
        catchThrowableOfType(JacksonException.class, () -> mapper.readValue(body, Counted.class)));
  }
}
