package dev.gpucloud.billing.document.pdf;

import java.util.Locale;
import java.util.Optional;

/** The languages of one layout. */
public enum Language {
  KO("ko-KR"),
  EN("en");

  private final String tag;

  Language(String tag) {
    this.tag = tag;
  }

  /** What the document says of its own language. */
  String tag() {
    return tag;
  }

  /** The language named {@code ko} or {@code en}. */
  public static Optional<Language> of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "ko" -> Optional.of(KO);
      case "en" -> Optional.of(EN);
      default -> Optional.empty();
    };
  }
}
