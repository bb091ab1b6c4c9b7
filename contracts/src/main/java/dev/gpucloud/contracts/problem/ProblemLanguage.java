package dev.gpucloud.contracts.problem;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The languages that titles and ways out of problems are there in. */
public enum ProblemLanguage {
  ENGLISH(Locale.ENGLISH, Map.of()),
  KOREAN(Locale.KOREAN, words("ko.properties"));

  private static final int LONGEST_HEADER = 200;

  private final Locale locale;
  private final Map<String, String> words;

  ProblemLanguage(Locale locale, Map<String, String> words) {
    this.locale = locale;
    this.words = words;
  }

  /** What an {@code Accept-Language} asks for first of these; English for all else. */
  public static ProblemLanguage asked(@Nullable String acceptLanguage) {
    if (acceptLanguage == null || acceptLanguage.length() > LONGEST_HEADER) {
      return ENGLISH;
    }
    try {
      Locale found =
          Locale.lookup(
              Locale.LanguageRange.parse(acceptLanguage), List.of(Locale.ENGLISH, Locale.KOREAN));
      return Locale.KOREAN.equals(found) ? KOREAN : ENGLISH;
    } catch (IllegalArgumentException e) {
      return ENGLISH;
    }
  }

  /** Its tag, such as {@code ko}. */
  public String tag() {
    return locale.toLanguageTag();
  }

  String title(ProblemType type, String english) {
    return words.getOrDefault(type.name() + ".title", english);
  }

  String wayOut(ProblemType type, String english) {
    return words.getOrDefault(type.name() + ".wayOut", english);
  }

  private static Map<String, String> words(String file) {
    try (InputStream in = ProblemLanguage.class.getResourceAsStream(file)) {
      var words = new Properties();
      words.load(new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8));
      return words.stringPropertyNames().stream()
          .collect(Collectors.toUnmodifiableMap(name -> name, words::getProperty));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
