package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.correction.engine.ClosedMonth;
import dev.gpucloud.billing.correction.engine.LatePolicy;
import dev.gpucloud.billing.correction.engine.SlaCredit;
import dev.gpucloud.billing.correction.engine.TakeBack;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which months of an account are closed, and how closed months are corrected and credited.
 *
 * @param account where the account is in the file
 */
record Corrected(
    String account,
    List<ClosedMonth> closed,
    LatePolicy policy,
    List<SlaCredit> slaCredits,
    List<TakeBack> takeBacks) {
  private static final Rational HUNDRED = Rational.of(100);

  /** Where an SLA credit is in the file. */
  String placeOf(SlaCredit credit) {
    return account + "/slaCredits/" + slaCredits.indexOf(credit);
  }

  /** When a month was closed; empty of one that is not. */
  Optional<Instant> closedAt(BillingMonth month) {
    return closed.stream()
        .filter(c -> c.month().equals(month))
        .map(ClosedMonth::closedAt)
        .findFirst();
  }

  static Corrected of(Fields account) {
    var once = new Once();
    var corrected =
        new Corrected(
            account.pointer(),
            account.list("closedMonths").stream().map(f -> closed(f, once)).toList(),
            policy(account.object("lateUsage")),
            account.list("slaCredits").stream()
                .map(f -> slaCredit(f, once))
                .filter(Objects::nonNull)
                .toList(),
            account.list("takeBacks").stream().map(f -> takeBack(f, once)).toList());
    for (SlaCredit credit : corrected.slaCredits) {
      for (TakeBack back : corrected.takeBacks) {
        if (back.month().equals(credit.month())) {
          corrected.refuseBoth(account, credit, back);
        }
      }
    }
    return corrected;
  }

  /** All of a document is taken back only while it is what was issued, and nothing after that. */
  private void refuseBoth(Fields account, SlaCredit credit, TakeBack back) {
    if (credit.grantedOn().isAfter(back.on())) {
      account.wrong(
          "slaCredits/%d/month".formatted(slaCredits.indexOf(credit)),
          "was taken back on %s, so that nothing is left to credit; leave the credit out"
              .formatted(back.on()));
    } else {
      account.wrong(
          "takeBacks/%d/month".formatted(takeBacks.indexOf(back)),
          "was credited already (%s on %s): credit the rest with slaCredits in place of taking all of it back"
              .formatted(credit.id(), credit.grantedOn()));
    }
  }

  /** By the clock by which events arrive, which a trial's months may be ahead of. */
  private static ClosedMonth closed(Fields f, Once once) {
    var closed = new ClosedMonth(f.month("month"), f.start("closedAt"));
    once.check(f, "month", "closed month " + closed.month());
    f.end();
    return closed;
  }

  private static LatePolicy policy(@Nullable Fields f) {
    if (f == null) {
      return LatePolicy.USUAL;
    }
    var policy =
        new LatePolicy(
            f.oneOf("way", LatePolicy.Way.NEXT_INVOICE),
            f.has("writeOffBelowKrw") ? f.won("writeOffBelowKrw") : Won.ZERO);
    f.end();
    return policy;
  }

  private static @Nullable SlaCredit slaCredit(Fields f, Once once) {
    String id = f.text("id");
    once.check(f, "id", "SLA credit " + id);
    BillingMonth credited = f.month("month");
    boolean pct = f.has("pct");
    Rational share = pct ? f.percent("pct", HUNDRED) : null;
    Won amount = f.has("amountKrw") ? f.won("amountKrw") : null;
    String sku = f.textOrNull("sku");
    TaxType type = f.has("taxType") ? f.oneOf("taxType", TaxType.TAXED) : null;
    if (type != null && pct) {
      f.wrong("taxType", "goes with amountKrw; a percentage is of every tax type");
    }
    LocalDate granted = f.date("grantedOn");
    notBefore(f, "grantedOn", granted, firstDay(credited));
    f.end();
    if (pct == (amount != null)) {
      f.wrong("pct", "must be given, or amountKrw, and not both");
      return null;
    }
    return new SlaCredit(id, credited, share, amount, sku, type, granted);
  }

  private static TakeBack takeBack(Fields f, Once once) {
    BillingMonth taken = f.month("month");
    TakeBack.Reason reason = f.oneOf("reason", TakeBack.Reason.CONTRACT_RESCINDED);
    if (!f.has("reason")) {
      f.wrong("reason", "must be given");
    }
    var back = new TakeBack(taken, reason, f.date("on"));
    once.check(f, "month", "take-back of " + taken);
    notBefore(f, "on", back.on(), lastDay(taken));
    f.end();
    return back;
  }

  private static void notBefore(Fields f, String field, LocalDate day, LocalDate earliest) {
    boolean isGiven = day.isAfter(LocalDate.EPOCH);
    if (isGiven && day.isBefore(earliest)) {
      f.wrong(field, "must not lie before " + earliest);
    }
  }

  private static LocalDate firstDay(BillingMonth month) {
    return month.start().atZone(BillingMonth.ZONE).toLocalDate();
  }

  /** The write date of the month's document. */
  private static LocalDate lastDay(BillingMonth month) {
    return month.end().atZone(BillingMonth.ZONE).toLocalDate().minusDays(1);
  }
}
