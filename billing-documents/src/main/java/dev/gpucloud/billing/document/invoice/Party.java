package dev.gpucloud.billing.document.invoice;

import org.jspecify.annotations.Nullable;

/** A legal entity on a document. What is not known stays null and is left out. */
public record Party(
    String name,
    String businessNumber,
    @Nullable String representative,
    @Nullable String address,
    @Nullable String businessType,
    @Nullable String businessItem,
    @Nullable String email) {

  /** An entity of which only the name and the number are known. */
  public static Party of(String name, String businessNumber) {
    return new Party(name, businessNumber, null, null, null, null, null);
  }

  /** The business number as it is printed: 123-45-67890. */
  public String printedNumber() {
    String digits = digits();
    return digits.length() == 10
        ? digits.substring(0, 3) + "-" + digits.substring(3, 5) + "-" + digits.substring(5)
        : businessNumber;
  }

  /** The business number without hyphens. */
  public String digits() {
    return businessNumber.replaceAll("[^0-9]", "");
  }
}
