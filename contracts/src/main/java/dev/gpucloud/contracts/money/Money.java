package dev.gpucloud.contracts.money;

/**
 * An amount as the API shows it. The amount is a decimal string, so that no client reads it into a
 * floating-point number by accident; KRW has no minor unit.
 */
public record Money(String amount, String currency) {
  public static final String KRW = "KRW";

  public static Money krw(long won) {
    return new Money(Long.toString(won), KRW);
  }
}
