package dev.gpucloud.contracts.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"한빛 로보틱스", "Ünïcode & Söhne (GmbH)", "名古屋", "שלום", "🚀 rockets", "a\u00a0b"})
  void takesWhatIsSeen(String text) {
    assertThat(Texts.isPrintable(text, 40)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x00, 0x0a, 0x7f, 0x85, 0xad, 0x61c, 0x200b, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a,
        0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0xe0041
      })
  void refusesWhatIsNot(int codePoint) {
    assertThat(Texts.isPrintable("a" + Character.toString(codePoint) + "b", 40)).isFalse();
    assertThat(Texts.isLine("a" + Character.toString(codePoint) + "b", 40)).isFalse();
  }

  @Test
  void refusesHalfACharacterAndWhatIsBlankOrTooLong() {
    assertThat(Texts.isPrintable("a\ud83d", 40)).isFalse();
    assertThat(Texts.isPrintable(" \u3000", 40)).isFalse();
    assertThat(Texts.isPrintable("abc", 2)).isFalse();
    assertThat(Texts.isLine("", 2)).isTrue();
    assertThat(Texts.isLine("abc", 2)).isFalse();
  }
}
