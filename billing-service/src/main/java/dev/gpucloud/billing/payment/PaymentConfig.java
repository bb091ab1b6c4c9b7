package dev.gpucloud.billing.payment;

import dev.gpucloud.billing.payment.engine.DunningPolicy;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** Terms of payment and what follows when they are not kept. */
@ConfigMapping(prefix = "gpucloud.payments")
public interface PaymentConfig {
  /** Days to pay after the day of issue. */
  @WithDefault("30")
  int dueDays();

  /** Steps against an invoice that stays open: names with the days after the last day to pay. */
  @WithDefault("REMINDER:1,SECOND_NOTICE:14,FINAL_NOTICE:30")
  List<String> dunning();

  /** How often open invoices are looked at. */
  @WithDefault("PT10M")
  Duration dunningCheck();

  /** Most lines of an imported file of payments. */
  @WithDefault("20000")
  int mostLines();

  /** The last day in Seoul to pay what was issued then. */
  default LocalDate dueOn(Instant issuedAt) {
    return LocalDate.ofInstant(issuedAt, BillingMonth.ZONE).plusDays(dueDays());
  }

  /** The steps as a policy. */
  default DunningPolicy policy() {
    return new DunningPolicy(
        dunning().stream()
            .map(text -> text.split(":", 2))
            .map(step -> new DunningPolicy.Step(step[0].strip(), Integer.parseInt(step[1].strip())))
            .toList());
  }
}
