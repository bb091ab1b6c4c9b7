package dev.gpucloud.billing.price;

import java.util.regex.Pattern;

/** Korean business registration numbers: ten digits, the last one checks the others. */
final class BusinessNumber {
  private static final Pattern FORM = Pattern.compile("[0-9]{3}-[0-9]{2}-[0-9]{5}");
  private static final int[] WEIGHTS = {1, 3, 7, 1, 3, 7, 1, 3, 5};

  private BusinessNumber() {}

  static boolean isValid(String text) {
    if (!FORM.matcher(text).matches()) {
      return false;
    }
    int[] digits = text.replace("-", "").chars().map(c -> c - '0').toArray();
    int sum = digits[8] * 5 / 10;
    for (int i = 0; i < WEIGHTS.length; i++) {
      sum += digits[i] * WEIGHTS[i];
    }
    return (10 - sum % 10) % 10 == digits[9];
  }
}
