package dev.gpucloud.contracts.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemLanguageTest {
  @ParameterizedTest
  @EnumSource
  void everyProblemHasAKoreanTitleAndWayOut(ProblemType type) {
    assertThat(type.title(ProblemLanguage.KOREAN)).matches(".*[가-힣].*");
    assertThat(type.wayOut(ProblemLanguage.KOREAN)).matches(".*[가-힣].*");
    assertThat(type.title(ProblemLanguage.ENGLISH)).isEqualTo(type.title());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, ENGLISH",
        "'', ENGLISH",
        "ko, KOREAN",
        "ko-KR, KOREAN",
        "'ko-KR,ko;q=0.9,en;q=0.8', KOREAN",
        "'en;q=0.3, ko;q=0.5', KOREAN",
        "'en-US,ko;q=0.5', ENGLISH",
        "'fr, ko;q=0.1', KOREAN",
        "fr, ENGLISH",
        "'ko;q=2;;', ENGLISH",
        "*, ENGLISH"
      })
  void takesTheLanguageThatIsAskedForFirst(String header, ProblemLanguage language) {
    assertThat(ProblemLanguage.asked(header)).isEqualTo(language);
  }

  @Test
  void aProblemIsPutIntoALanguageByItsCode() {
    Problem english =
        Problem.of(ProblemType.NOT_FOUND.because("No host 7.").with("host", 7), "/api/v1/x", "r-1");

    Problem korean = english.in(ProblemLanguage.KOREAN);

    assertThat(korean.title()).isEqualTo("이 주소에는 아무것도 없습니다");
    assertThat(korean.detail()).isEqualTo("No host 7.");
    assertThat(korean.params()).isEqualTo(Map.of("host", 7));
    assertThat(korean.in(ProblemLanguage.ENGLISH)).isEqualTo(english);
  }
}
