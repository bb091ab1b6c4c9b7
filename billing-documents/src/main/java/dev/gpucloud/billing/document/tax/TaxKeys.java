package dev.gpucloud.billing.document.tax;

import dev.gpucloud.billing.invoice.engine.TaxType;
import java.util.regex.Pattern;

/**
 * Keys of tax documents, at most 24 characters. An invoice's first document bears its number, one
 * of another tax type the number and a letter for it (2026-11-000123-Z). What amends a document
 * appends to its key: M takes back, P puts in its place, D is a difference.
 */
final class TaxKeys {
  private static final Pattern AMENDMENT = Pattern.compile("-[MPD][0-9]+$");

  private TaxKeys() {}

  /** Of a tax type that is not the one of the invoice's first document. */
  static String of(String invoiceNumber, TaxType type) {
    return invoiceNumber + "-" + letter(type);
  }

  private static char letter(TaxType type) {
    return switch (type) {
      case TAXED -> 'T';
      case ZERO_RATED -> 'Z';
      case EXEMPT -> 'E';
      case OUT_OF_SCOPE -> 'O';
    };
  }

  /** Of what amends a document, which may itself stand in the place of an original. */
  static String amending(String key, char kind, int ordinal) {
    return AMENDMENT.matcher(key).replaceFirst("") + "-" + kind + ordinal;
  }
}
