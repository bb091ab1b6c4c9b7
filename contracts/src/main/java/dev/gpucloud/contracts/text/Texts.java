package dev.gpucloud.contracts.text;

/** What a short text from outside must be before it may be stored, compared or shown. */
public final class Texts {
  private Texts() {}

  /**
   * Whether the text has 1 to {@code maxLength} characters, not all blank, and all of them seen.
   * PostgreSQL stores no NUL, a line break in a name would forge log lines, and a character that
   * turns the direction of writing or joins others unseen lets one name look like another.
   */
  public static boolean isPrintable(String text, int maxLength) {
    return !text.isBlank() && isLine(text, maxLength);
  }

  /** As {@link #isPrintable}, for a text that may be empty. */
  public static boolean isLine(String text, int maxLength) {
    return text.length() <= maxLength && text.codePoints().noneMatch(Texts::isUnseen);
  }

  /** Controls, format characters such as U+202E, line separators and halves of a character. */
  private static boolean isUnseen(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}
