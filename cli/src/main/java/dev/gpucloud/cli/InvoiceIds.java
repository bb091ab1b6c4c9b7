package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** An invoice is named by its id or, once issued, by its number. */
final class InvoiceIds {
  private InvoiceIds() {}

  static String find(ApiClient api, String listPath, String idOrNumber) {
    if (idOrNumber.startsWith("inv_")) {
      return idOrNumber;
    }
    for (JsonNode invoice : api.list(listPath).path("items")) {
      if (idOrNumber.equals(invoice.path("number").asText())) {
        return invoice.path("id").asText();
      }
    }
    throw new CliException(
        ExitCode.NOT_FOUND,
        "There is no invoice " + idOrNumber + ".",
        "what to do: list the invoices; give an id (inv_...) or a number (2026-11-000123)");
  }
}
