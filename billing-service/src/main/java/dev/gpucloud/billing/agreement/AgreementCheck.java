package dev.gpucloud.billing.agreement;

import dev.gpucloud.billing.agreement.AgreementTerms.BandTerms;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.statement.engine.Term;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.time.BillingMonth;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds everything that is wrong with an agreement, each with the field and the way out. */
final class AgreementCheck {
  private static final Pattern REFERENCE = Pattern.compile("[a-z0-9][a-z0-9-]{0,59}");
  private static final Pattern TAKEN = Pattern.compile("v[0-9]+|dynamic");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,16}(\\.[0-9]{1,12})?");
  private static final BigDecimal MOST_WON = new BigDecimal("1000000000000000");
  private static final BigDecimal MOST_UNITS = new BigDecimal("1000000");
  private static final BigDecimal MOST_HOURS = new BigDecimal("1000000000");
  private static final int MOST_BANDS = 20;
  private static final List<String> TAX_TYPES = List.of("TAXED", "ZERO_RATED", "EXEMPT");

  private final Known known;
  private final List<FieldError> errors = new ArrayList<>();

  /** What is there before: names that have a price, and what the account agreed to. */
  record Known(
      Set<String> skus,
      Set<String> items,
      BillingMode mode,
      List<Agreement> agreements,
      Optional<BillingMonth> newestInvoicedMonth) {}

  AgreementCheck(Known known) {
    this.known = known;
  }

  List<FieldError> errors(CreateAgreementRequest r) {
    String reference = r.reference();
    if (reference == null || !REFERENCE.matcher(reference).matches()) {
      wrong("/reference", "must be 1 to 60 of a-z, 0-9 and -, such as contract-2026-014");
    } else if (TAKEN.matcher(reference).matches()) {
      wrong("/reference", "is the name of a list price's version; choose another");
    }
    term(r.from(), r.until());
    Agreement.Kind kind = kind(r.kind());
    if (r.terms() == null) {
      wrong("/terms", "must be given");
    } else if (kind != null) {
      terms(kind, r);
    }
    if (kind != null && r.terms() != null && r.from() != null && errors.isEmpty()) {
      overlap(kind, r);
      sharesMonth(kind, r);
    }
    return List.copyOf(errors);
  }

  private Agreement.@Nullable Kind kind(@Nullable String text) {
    Optional<Agreement.Kind> found =
        Arrays.stream(Agreement.Kind.values()).filter(k -> k.name().equals(text)).findFirst();
    if (found.isEmpty()) {
      wrong("/kind", "must be one of " + Arrays.toString(Agreement.Kind.values()));
    }
    return found.orElse(null);
  }

  private void term(@Nullable LocalDate from, @Nullable LocalDate until) {
    if (from == null) {
      wrong("/from", "must be given");
      return;
    }
    if (until != null && until.isBefore(from)) {
      wrong("/until", "must not lie before from");
    }
    afterInvoices("/from", startOf(from));
  }

  /** The end of an agreement may not change a month that has an invoice. */
  List<FieldError> errorsOfEnd(Agreement agreement, @Nullable LocalDate until) {
    if (until == null) {
      wrong("/until", "must be given");
      return List.copyOf(errors);
    }
    Instant end = endOf(until);
    if (!end.isAfter(agreement.from())) {
      wrong("/until", "must not lie before the agreement's beginning");
    }
    if (agreement.until() != null && end.isAfter(agreement.until())) {
      wrong("/until", "lies after the end agreed before; agree anew under another reference");
    }
    afterInvoices("/until", end);
    return List.copyOf(errors);
  }

  private void afterInvoices(String pointer, Instant at) {
    known
        .newestInvoicedMonth()
        .filter(month -> at.isBefore(month.end()))
        .ifPresent(
            month ->
                wrong(
                    pointer,
                    "would change "
                        + month
                        + ", which has an invoice; charge the difference by a correction, or begin"
                        + " after that month"));
  }

  static Instant startOf(LocalDate day) {
    return day.atStartOfDay(BillingMonth.ZONE).toInstant();
  }

  /** A date used as a limit means the end of that day in Seoul. */
  static Instant endOf(LocalDate day) {
    return startOf(day.plusDays(1));
  }

  private void terms(Agreement.Kind kind, CreateAgreementRequest r) {
    AgreementTerms t = Objects.requireNonNull(r.terms());
    switch (kind) {
      case CONTRACT_PRICE -> contractPrice(t);
      case USAGE_COMMITMENT -> usageCommitment(t);
      case SPEND_COMMITMENT -> {
        won("amountKrwPerMonth", t.amountKrwPerMonth());
        onlyFor(kind, t, List.of("amountKrwPerMonth"));
      }
      case TAXATION -> taxation(t, r.until());
      case MONTHLY_FEE -> {
        won("amountKrwPerMonth", t.amountKrwPerMonth());
        onlyFor(kind, t, List.of("amountKrwPerMonth", "name"));
        if (t.name() != null && (t.name().isBlank() || t.name().length() > 100)) {
          wrong("/terms/name", "must be 1 to 100 characters");
        }
      }
    }
  }

  /** Zero rating holds as long as its evidence, so it has both. */
  private void taxation(AgreementTerms t, @Nullable LocalDate until) {
    if (known.mode().taxType() != TaxType.TAXED) {
      wrong(
          "/kind",
          "says nothing of a " + known.mode() + " account, whose statements are no supply");
    }
    if (t.taxType() == null || !TAX_TYPES.contains(t.taxType())) {
      wrong("/terms/taxType", "must be one of " + TAX_TYPES);
    }
    boolean rests = TaxType.ZERO_RATED.name().equals(t.taxType());
    if (rests && (t.evidence() == null || t.evidence().isBlank() || t.evidence().length() > 100)) {
      wrong("/terms/evidence", "must name what zero rating rests on, in 1 to 100 characters");
    }
    if (rests && until == null) {
      wrong("/until", "must be given: the last day of what zero rating rests on");
    }
    knownSku(t.sku());
    onlyFor(
        Agreement.Kind.TAXATION,
        t,
        rests ? List.of("sku", "taxType", "evidence") : List.of("sku", "taxType"));
  }

  private void contractPrice(AgreementTerms t) {
    if ((t.sku() == null) == (t.item() == null)) {
      wrong("/terms/sku", "must be given, or item, and not both");
    }
    knownSku(t.sku());
    if (t.item() != null && !known.items().contains(t.item())) {
      wrong("/terms/item", "is no GPU model or MIG type that has a price");
    }
    if ((t.priceKrw() == null) == (t.tiers() == null)) {
      wrong("/terms/priceKrw", "must be given, or tiers, and not both");
    }
    if (t.priceKrw() != null) {
      number("/terms/priceKrw", t.priceKrw(), MOST_WON, false);
    }
    if (t.tiers() != null) {
      tiers(t.tiers());
    }
    onlyFor(Agreement.Kind.CONTRACT_PRICE, t, List.of("sku", "item", "priceKrw", "tiers"));
  }

  private void tiers(AgreementTerms.TierTerms tiers) {
    if (!"GRADUATED".equals(tiers.mode()) && !"VOLUME".equals(tiers.mode())) {
      wrong("/terms/tiers/mode", "must be GRADUATED or VOLUME");
    }
    List<BandTerms> bands = tiers.bands() == null ? List.of() : tiers.bands();
    if (bands.isEmpty() || bands.size() > MOST_BANDS) {
      wrong("/terms/tiers/bands", "must be 1 to " + MOST_BANDS + " bands");
    }
    BigDecimal below = BigDecimal.ZERO;
    for (int i = 0; i < bands.size(); i++) {
      String at = "/terms/tiers/bands/" + i;
      number(at + "/priceKrw", bands.get(i).priceKrw(), MOST_WON, false);
      boolean last = i == bands.size() - 1;
      if (last != (bands.get(i).upToHours() == null)) {
        wrong(at + "/upToHours", "the last band, and no other, has no upper end");
      } else if (!last) {
        BigDecimal upTo = number(at + "/upToHours", bands.get(i).upToHours(), MOST_HOURS, false);
        if (upTo != null && upTo.compareTo(below) <= 0) {
          wrong(at + "/upToHours", "must be more than the band before ends at");
        }
        below = upTo == null ? below : upTo;
      }
    }
  }

  private void usageCommitment(AgreementTerms t) {
    if (t.sku() == null) {
      wrong("/terms/sku", "must be given");
    }
    knownSku(t.sku());
    boolean hourly = "HOURLY".equals(t.commitment());
    if (!hourly && !"POOLED".equals(t.commitment())) {
      wrong("/terms/commitment", "must be HOURLY or POOLED");
    } else if (hourly) {
      number("/terms/units", t.units(), MOST_UNITS, false);
    } else {
      number("/terms/hoursPerMonth", t.hoursPerMonth(), MOST_HOURS, false);
    }
    number("/terms/priceKrw", t.priceKrw(), MOST_WON, true);
    if (t.overagePriceKrw() != null) {
      number("/terms/overagePriceKrw", t.overagePriceKrw(), MOST_WON, true);
    }
    onlyFor(
        Agreement.Kind.USAGE_COMMITMENT,
        t,
        List.of(
            "sku",
            "commitment",
            hourly ? "units" : "hoursPerMonth",
            "priceKrw",
            "overagePriceKrw"));
  }

  private void knownSku(@Nullable String sku) {
    if (sku != null && !known.skus().contains(sku)) {
      wrong("/terms/sku", "is no SKU that has a price; import its price first");
    }
  }

  private void won(String field, @Nullable String text) {
    BigDecimal value = number("/terms/" + field, text, MOST_WON, false);
    if (value != null && value.stripTrailingZeros().scale() > 0) {
      wrong("/terms/" + field, "must be whole won");
    }
  }

  private @Nullable BigDecimal number(
      String pointer, @Nullable String text, BigDecimal most, boolean zero) {
    if (text == null || !NUMBER.matcher(text).matches()) {
      wrong(pointer, text == null ? "must be given" : "must be a number such as 4500 or 1.25");
      return null;
    }
    BigDecimal value = new BigDecimal(text);
    if (value.compareTo(most) > 0 || (value.signum() == 0 && !zero)) {
      wrong(pointer, "must be " + (zero ? "0" : "more than 0") + " to " + most.toPlainString());
      return null;
    }
    return value;
  }

  private void onlyFor(Agreement.Kind kind, AgreementTerms t, List<String> fields) {
    refuse(kind, fields, "sku", t.sku());
    refuse(kind, fields, "item", t.item());
    refuse(kind, fields, "priceKrw", t.priceKrw());
    refuse(kind, fields, "tiers", t.tiers());
    refuse(kind, fields, "commitment", t.commitment());
    refuse(kind, fields, "units", t.units());
    refuse(kind, fields, "hoursPerMonth", t.hoursPerMonth());
    refuse(kind, fields, "overagePriceKrw", t.overagePriceKrw());
    refuse(kind, fields, "amountKrwPerMonth", t.amountKrwPerMonth());
    refuse(kind, fields, "name", t.name());
    refuse(kind, fields, "taxType", t.taxType());
    refuse(kind, fields, "evidence", t.evidence());
  }

  private void refuse(
      Agreement.Kind kind, List<String> fields, String field, @Nullable Object value) {
    if (value != null && !fields.contains(field)) {
      wrong(
          "/terms/" + field,
          "says nothing of a " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
  }

  /**
   * Two prices of the same name, two spend commitments, or two tax types of the account or of a SKU
   * must not hold at once.
   */
  private void overlap(Agreement.Kind kind, CreateAgreementRequest r) {
    var term =
        new Term(
            startOf(Objects.requireNonNull(r.from())), r.until() == null ? null : endOf(r.until()));
    for (Agreement other : known.agreements()) {
      if (other.term().meets(term)
          && other.kind() == kind
          && collides(kind, Objects.requireNonNull(r.terms()), other.terms())) {
        wrong(
            "/from",
            "overlaps "
                + other.reference()
                + ", and one of them holds at a time; end that one first");
      }
    }
  }

  /**
   * Each spend commitment measures all usage of its months, so two that follow each other within a
   * month would both be reached by the same won.
   */
  private void sharesMonth(Agreement.Kind kind, CreateAgreementRequest r) {
    if (kind != Agreement.Kind.SPEND_COMMITMENT) {
      return;
    }
    Instant from = startOf(Objects.requireNonNull(r.from()));
    Instant until = r.until() == null ? null : endOf(r.until());
    for (Agreement other : known.agreements()) {
      if (other.kind() == kind && followsWithinMonth(other.until(), from)) {
        wrong(
            "/from",
            "lies in the month in which %s ends, and each measures all of its month; begin with a month"
                .formatted(other.reference()));
      }
      if (other.kind() == kind && followsWithinMonth(until, other.from())) {
        wrong(
            "/until",
            "lies in the month in which %s begins, and each measures all of its month; end with a month"
                .formatted(other.reference()));
      }
    }
  }

  private static boolean followsWithinMonth(@Nullable Instant end, Instant start) {
    return end != null
        && !start.isBefore(end)
        && BillingMonth.of(end.minusNanos(1)).equals(BillingMonth.of(start));
  }

  private static boolean collides(Agreement.Kind kind, AgreementTerms a, AgreementTerms b) {
    return switch (kind) {
      case CONTRACT_PRICE -> Objects.equals(a.sku(), b.sku()) && Objects.equals(a.item(), b.item());
      case TAXATION -> Objects.equals(a.sku(), b.sku());
      case SPEND_COMMITMENT -> true;
      case USAGE_COMMITMENT, MONTHLY_FEE -> false;
    };
  }

  private void wrong(String pointer, String what) {
    errors.add(new FieldError(pointer, what));
  }
}
