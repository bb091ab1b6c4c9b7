package dev.gpucloud.tenant.engine;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Korean business registration number, always written {@code 123-45-67890}. Its last digit is a
 * checksum over the nine before it, so a mistyped number is found before a tax document names it.
 */
public record BusinessNumber(String value) {
  private static final Pattern FORM = Pattern.compile("(\\d{3})-?(\\d{2})-?(\\d{5})");
  private static final int[] WEIGHTS = {1, 3, 7, 1, 3, 7, 1, 3, 5};

  /**
   * Takes ten digits, with or without hyphens.
   *
   * @throws IllegalArgumentException when the form or the checksum is wrong
   */
  public BusinessNumber {
    var form = FORM.matcher(value);
    if (!form.matches()) {
      throw new IllegalArgumentException("expected ten digits written 123-45-67890");
    }
    String digits = form.group(1) + form.group(2) + form.group(3);
    if (checksum(digits) != digits.charAt(9) - '0') {
      throw new IllegalArgumentException("the check digit does not match the nine before it");
    }
    value = form.group(1) + "-" + form.group(2) + "-" + form.group(3);
  }

  /** Why the text is no business number, or empty when it is one. */
  public static Optional<String> refusal(String text) {
    try {
      new BusinessNumber(text);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  /** The ninth digit counts five times, and its carry over ten counts once more. */
  private static int checksum(String digits) {
    int sum = 0;
    for (int i = 0; i < WEIGHTS.length; i++) {
      sum += (digits.charAt(i) - '0') * WEIGHTS[i];
    }
    sum += (digits.charAt(8) - '0') * 5 / 10;
    return (10 - sum % 10) % 10;
  }

  @Override
  public String toString() {
    return value;
  }
}
