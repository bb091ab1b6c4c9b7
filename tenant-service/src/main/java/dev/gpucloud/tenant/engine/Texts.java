package dev.gpucloud.tenant.engine;

/** What a short text from outside must be before it may be stored, compared or shown. */
public final class Texts {
  private Texts() {}

  /**
   * Whether the text has 1 to {@code maxLength} characters, not all blank and none of them a
   * control character. PostgreSQL stores no NUL, and a line break in a name would forge log lines.
   */
  public static boolean isPrintable(String text, int maxLength) {
    return text.length() <= maxLength
        && !text.isBlank()
        && text.chars().noneMatch(Character::isISOControl);
  }
}
