package dev.gpucloud.kit.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class ETagsTest {
  @Test
  void acceptsTheVersionTheCallerSaw() {
    assertThatCode(() -> ETags.require("\"3\"", 3)).doesNotThrowAnyException();
    assertThatCode(() -> ETags.require("\"2\", \"3\"", 3)).doesNotThrowAnyException();
    assertThatCode(() -> ETags.check(null, 3)).doesNotThrowAnyException();
  }

  @Test
  void refusesAnotherVersionWith412() {
    refusal(() -> ETags.require("\"2\"", 3), ProblemType.VERSION_MISMATCH);
    refusal(() -> ETags.check("3", 3), ProblemType.VERSION_MISMATCH);
  }

  @Test
  void demandsTheHeaderWith428() {
    refusal(() -> ETags.require(null, 3), ProblemType.PRECONDITION_REQUIRED);
  }

  private static void refusal(Runnable check, ProblemType type) {
    assertThatThrownBy(check::run)
        .isInstanceOfSatisfying(
            ProblemException.class, p -> Assertions.assertThat(p.type()).isEqualTo(type));
  }
}
