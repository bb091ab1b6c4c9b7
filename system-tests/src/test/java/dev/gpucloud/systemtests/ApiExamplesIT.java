package dev.gpucloud.systemtests;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.systemtests.examples.ExampleWalk;
import dev.gpucloud.systemtests.examples.Refusal;
import dev.gpucloud.systemtests.examples.World;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Every example of a body in the document that the gateway serves is sent to the product as it
 * stands there and succeeds, and every answer, of what reads too, is as the document declares. The
 * examples are dated for a world that has just begun, so the class's name makes it the first.
 */
class ApiExamplesIT {
  /** What a fresh product refuses. One that is no longer refused so makes the test fail. */
  private static final Map<String, Refusal> REFUSALS =
      Map.ofEntries(
          entry(
              "POST /api/v1/invitations/accept",
              new Refusal(404, "NOT_FOUND", "the token of an invitation is in its mail alone")),
          entry(
              "POST /api/v1/admin/hosts/{host}/acceptance/begin",
              new Refusal(409, "STATE_CONFLICT", "the site's agent begins by itself")),
          entry(
              "POST /api/v1/admin/hosts/{host}/acceptance/complete",
              new Refusal(409, "STATE_CONFLICT", "no host lacks power, imports see to that")),
          entry(
              "POST /api/v1/admin/hosts/{host}/restore-gpus",
              new Refusal(409, "STATE_CONFLICT", "no GPU is out of service")),
          entry(
              "POST /api/v1/admin/discrepancies/{discrepancy}/resolve",
              new Refusal(404, "NOT_FOUND", "the simulated agent finds what was announced")),
          entry(
              "GET /api/v1/admin/discrepancies/{discrepancy}",
              new Refusal(404, "NOT_FOUND", "the simulated agent finds what was announced")),
          entry(
              "POST /api/v1/finance/billing-months/{month}/accounts/{account}/waivers",
              new Refusal(422, "UNPROCESSABLE", "every run ends with its proof")),
          entry(
              "GET /api/v1/finance/close-waivers/{waiver}",
              new Refusal(404, "NOT_FOUND", "nothing is to be waived")),
          entry(
              "POST /api/v1/finance/invoices/{invoice}/anomalies/look",
              new Refusal(422, "UNPROCESSABLE", "a first invoice is unlike no month before")),
          entry(
              "GET /api/v1/finance/invoices/{invoice}/chargeback-statement",
              new Refusal(409, "STATE_CONFLICT", "the tenant's usage is a supply")),
          entry(
              "GET /api/v1/tenants/{tenant}/invoices/{invoice}/chargeback-statement",
              new Refusal(409, "STATE_CONFLICT", "the tenant's usage is a supply")),
          entry(
              "GET /auth/session",
              new Refusal(401, "UNAUTHENTICATED", "only a browser has a session")));

  @Test
  void examplesSucceedAndAnswersAreAsDeclared() {
    ExampleWalk.Report report = new ExampleWalk(new Running(), REFUSALS).walk();

    assertThat(String.join("\n", report.findings())).isEmpty();
    assertThat(report.unsent()).isEmpty();
    assertThat(report.unmet()).isEmpty();
  }

  private record Running() implements World {
    @Override
    public String gatewayUrl() {
      return Product.stack().gatewayUrl();
    }

    @Override
    public String token(String username) {
      return Product.stack().token(username);
    }

    @Override
    public String subject(String username) {
      return Product.stack().subject(username);
    }

    @Override
    public Instant now() {
      return Product.now();
    }

    @Override
    public void advanceTo(Instant instant) {
      Product.advanceTo(instant);
    }
  }
}
