package dev.gpucloud.tenant.notifications.engine;

import java.util.Locale;
import java.util.Optional;

/** Languages that people are written to in. */
public enum Language {
  KO,
  EN;

  /** The tag of the language in HTML and in names of resources. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The language of a locale such as {@code ko-KR}; empty for one that nobody writes. */
  public static Optional<Language> ofLocale(String locale) {
    String lower = locale.toLowerCase(Locale.ROOT);
    for (Language language : values()) {
      if (lower.equals(language.tag())
          || lower.startsWith(language.tag() + "-")
          || lower.startsWith(language.tag() + "_")) {
        return Optional.of(language);
      }
    }
    return Optional.empty();
  }
}
