package dev.gpucloud.kit.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
  @ParameterizedTest
  @ValueSource(strings = {"08006", "25P03", "40001", "53300", "55P03", "57P01"})
  void passesWhatTheDatabaseWillNotSayAgain(String state) {
    assertThat(Failures.isTransient(new RuntimeException(failure(state)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "25P02", "42P01"})
  void keepsWhatItWouldSayAgain(String state) {
    assertThat(Failures.isTransient(new RuntimeException(failure(state)))).isFalse();
  }

  @Test
  void keepsAFailureOfItsOwn() {
    assertThat(Failures.isTransient(new IllegalStateException("wrong"))).isFalse();
  }

  private static PgException failure(String state) {
    return new PgException("no", "ERROR", state, "");
  }
}
