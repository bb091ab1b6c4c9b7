package dev.gpucloud.tenant.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusinessNumberTest {
  /** 123-45-67891 and 220-81-62517 are worked by hand: the carry of the ninth digit counts. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "000-00-00015",
        "000-00-00029",
        "000-00-00034",
        "000-00-00048",
        "000-00-00053",
        "000-00-00067",
        "000-00-00072",
        "123-45-67891",
        "220-81-62517"
      })
  void acceptsNumbersWhoseChecksumIsRight(String text) {
    assertThat(new BusinessNumber(text).value()).isEqualTo(text);
  }

  @Test
  void writesTenDigitsWithHyphens() {
    assertThat(new BusinessNumber("2208162517")).hasToString("220-81-62517");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "220-81-6251",
        "220-81-625171",
        "22-081-62517",
        "220 81 62517",
        "abc-de-fghij",
        "220-81-62517 ",
        "２２０-81-62517"
      })
  void refusesOtherForms(String text) {
    assertThat(BusinessNumber.refusal(text)).contains("expected ten digits written 123-45-67890");
  }

  @Test
  void refusesEveryOtherCheckDigit() {
    long accepted =
        IntStream.range(0, 10)
            .filter(digit -> BusinessNumber.refusal("220-81-6251" + digit).isEmpty())
            .count();
    assertThat(accepted).isEqualTo(1);
  }

  @Test
  void saysWhenTheChecksumIsWrong() {
    assertThatThrownBy(() -> new BusinessNumber("000-00-00016"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the check digit does not match the nine before it");
  }
}
