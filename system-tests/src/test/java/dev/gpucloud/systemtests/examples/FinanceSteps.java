package dev.gpucloud.systemtests.examples;

import static dev.gpucloud.systemtests.examples.Users.APPROVER;
import static dev.gpucloud.systemtests.examples.Users.FINANCE;
import static dev.gpucloud.systemtests.examples.Users.OWNER;
import static dev.gpucloud.systemtests.examples.Users.TENANT;

/** Prices, contracts, and an invoice from its draft to its payment and correction. */
final class FinanceSteps {
  private static final String ACCOUNT = "/api/v1/finance/accounts/{account}";
  private static final String NUMBER = "000-00-00015";
  private static final String MONTH = "2026-11";
  private static final String INVOICE = "/api/v1/finance/invoices/{invoice}";
  private static final String NOTE = "/api/v1/finance/notes/{note}";

  private final Tour tour;

  FinanceSteps(Tour tour) {
    this.tour = tour;
  }

  /** What is agreed before anything is billed. */
  void agree() {
    String account = account();
    tour.send("POST /api/v1/finance/imports/prices", FINANCE);
    tour.send("POST /api/v1/finance/price-books/dry-run", FINANCE);
    String reference =
        tour.send("POST " + ACCOUNT + "/agreements", FINANCE, account).path("reference").asText();
    tour.send("POST " + ACCOUNT + "/agreements/{reference}/end", FINANCE, account, reference);
    tour.send("PUT " + ACCOUNT + "/late-usage-policy", FINANCE, account);
    tour.send("POST " + ACCOUNT + "/prepaid", FINANCE, account);
    tour.send("PUT /api/v1/finance/tier-pools/{name}", FINANCE, "sk-group");
    String budget =
        tour.send("POST /api/v1/finance/tenants/{tenant}/spend-budgets", FINANCE, TENANT)
            .path("id")
            .asText();
    tour.send("PUT /api/v1/finance/spend-budgets/{budget}", FINANCE, budget);
    tour.delete(FINANCE, "/api/v1/finance/spend-budgets/" + budget);
    String own =
        tour.send("POST /api/v1/tenants/{tenant}/spend-budgets", OWNER, TENANT).path("id").asText();
    tour.send("PUT /api/v1/tenants/{tenant}/spend-budgets/{budget}", OWNER, TENANT, own);
    tour.known().learn("/api/v1/finance/spend-budgets/{budget}", own);
  }

  /** The account of the tenant, by its business number. */
  private String account() {
    for (var item : tour.get(FINANCE, "/api/v1/finance/accounts?pageSize=1000").path("items")) {
      if (item.path("businessNumber").asText().equals(NUMBER)) {
        return item.path("id").asText();
      }
    }
    throw new AssertionError("no account of " + NUMBER);
  }

  /** The month is over: it is billed, paid and corrected. */
  void bill() {
    tour.await(
        FINANCE,
        "/api/v1/finance/months/%s/readiness?tenant=%s".formatted(MONTH, TENANT),
        "/ready",
        "true");
    String account = account();
    tour.send(
        "POST /api/v1/finance/billing-months/{month}/accounts/{account}/waivers",
        FINANCE,
        MONTH,
        account);
    tour.send("POST /api/v1/finance/imports/payments", FINANCE);
    String payment = tour.send("POST /api/v1/finance/payments", FINANCE).path("id").asText();
    String invoice = tour.send("POST /api/v1/finance/invoices", FINANCE).path("id").asText();
    tour.send("POST " + INVOICE + "/comments", FINANCE, invoice);
    tour.send("POST " + INVOICE + "/anomalies/look", FINANCE, invoice);
    tour.send("POST " + INVOICE + "/submit", FINANCE, invoice);
    tour.send("POST " + INVOICE + "/return", FINANCE, invoice);
    tour.send("POST " + INVOICE + "/submit", FINANCE, invoice);
    tour.send("POST " + INVOICE + "/approve", APPROVER, invoice);
    tour.send("POST " + INVOICE + "/issue", FINANCE, invoice);
    tour.known().learn("/api/v1/tenants/{tenant}/invoices/{invoice}", TENANT, invoice);
    tour.known().learn("/api/v1/finance/months/{month}/readiness", MONTH);
    tour.known().learn(ACCOUNT + "/reconciliation/{day}", account, MONTH + "-03");
    pay(payment);
    correct(invoice);
  }

  private void pay(String payment) {
    String allocation =
        tour.send("POST /api/v1/finance/payments/{payment}/allocations", FINANCE, payment)
            .at("/allocations/0/id")
            .asText();
    tour.send(
        "POST /api/v1/finance/payment-allocations/{allocation}/take-back", FINANCE, allocation);
  }

  private void correct(String invoice) {
    String unwanted = tour.send("POST " + INVOICE + "/notes", FINANCE, invoice).path("id").asText();
    tour.send("POST " + NOTE + "/withdraw", FINANCE, unwanted);
    String note = tour.send("POST " + INVOICE + "/notes", FINANCE, invoice).path("id").asText();
    tour.send("POST " + NOTE + "/approve", APPROVER, note);
    taxDocuments(invoice);
  }

  /** Only what the tax office accepted is amended. */
  private void taxDocuments(String invoice) {
    String original =
        tour.prepare("POST " + INVOICE + "/tax-documents", FINANCE, "{}", invoice)
            .at("/items/0/key")
            .asText();
    String document = "POST /api/v1/finance/tax-documents/{key}";
    tour.prepare(document + "/transmit", FINANCE, "", original);
    tour.send(document + "/reject", FINANCE, original);
    tour.prepare(document + "/transmit", FINANCE, "", original);
    tour.send(document + "/accept", FINANCE, original);
    tour.send("POST " + INVOICE + "/tax-documents", FINANCE, invoice);
  }
}
