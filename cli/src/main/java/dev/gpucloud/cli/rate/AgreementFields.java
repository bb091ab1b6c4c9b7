package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.rating.engine.ContractPrice;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.billing.statement.engine.MonthlyFee;
import dev.gpucloud.billing.statement.engine.SpendCommitment;
import dev.gpucloud.billing.statement.engine.Term;
import dev.gpucloud.billing.statement.engine.UsageCommitment;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is agreed with one account for terms: contract prices, commitments and fees. */
final class AgreementFields {
  private final Once once = new Once();
  private final TermIds termIds = new TermIds();
  private final Map<String, List<Term>> spendTerms = new HashMap<>();

  List<ContractPrice> contracts(List<Fields> all) {
    return named(all, this::contract);
  }

  List<UsageCommitment> usageCommitments(List<Fields> all) {
    return named(all, this::usageCommitment);
  }

  List<MonthlyFee> fees(List<Fields> all) {
    return named(all, this::fee);
  }

  /** All are read before the first is named. */
  private static <T> List<T> named(List<Fields> all, Function<Fields, @Nullable Supplier<T>> read) {
    List<Supplier<T>> terms = all.stream().map(read).filter(Objects::nonNull).toList();
    return terms.stream().map(Supplier::get).toList();
  }

  private @Nullable Supplier<ContractPrice> contract(Fields f) {
    Tiers tiers = TierFields.of(f);
    Term term = TermFields.of(f);
    String item = f.textOrNull("item");
    String sku = f.textOrNull("sku");
    String id = f.text("id");
    PriceUnit unit = f.oneOf("unit", PriceUnit.GPU_HOUR);
    Rational price =
        tiers == null ? f.positive("priceKrw") : TierFields.first(f, tiers, "priceKrw");
    f.end();
    if ((item == null) == (sku == null)) {
      f.wrong("sku", "must be given, or item, and not both");
      return null;
    }
    once.check(
        f,
        sku == null ? "item" : "sku",
        "contract for " + (sku == null ? "item " + item : "SKU " + sku) + " from " + term.from());
    String what = "price of " + (sku == null ? item : sku);
    termIds.note(id, what, term);
    return () ->
        new ContractPrice(
            termIds.of(id, what, term), item, sku, unit, price, tiers, term.from(), term.until());
  }

  private Supplier<UsageCommitment> usageCommitment(Fields f) {
    UsageCommitment.Kind kind = f.oneOf("kind", UsageCommitment.Kind.HOURLY);
    boolean hourly = kind == UsageCommitment.Kind.HOURLY;
    String id = f.text("id");
    String sku = f.text("sku");
    Term term = TermFields.of(f);
    once.check(f, "id", "usage commitment " + id + " from " + term.from());
    String what = "commitment of " + sku;
    termIds.note(id, what, term);
    Rational quantity = f.positive(hourly ? "units" : "hoursPerMonth");
    Rational price = f.amount("priceKrw");
    Rational overage = f.amountOrNull("overagePriceKrw");
    f.end();
    return () ->
        new UsageCommitment(termIds.of(id, what, term), sku, kind, quantity, price, overage, term);
  }

  SpendCommitment spendCommitment(Fields f) {
    var commitment =
        new SpendCommitment(f.text("id"), f.won("amountKrwPerMonth"), TermFields.of(f));
    List<Term> terms = spendTerms.computeIfAbsent(commitment.id(), id -> new ArrayList<>());
    if (terms.stream().anyMatch(commitment.term()::meets)) {
      f.wrong(
          "from",
          "lies within another term of spend commitment %s; terms of one id follow each other"
              .formatted(commitment.id()));
    }
    terms.add(commitment.term());
    f.end();
    return commitment;
  }

  private Supplier<MonthlyFee> fee(Fields f) {
    String id = f.text("id");
    Term term = TermFields.of(f);
    once.check(f, "id", "monthly fee " + id + " from " + term.from());
    termIds.note(id, "fee", term);
    String name = Objects.requireNonNullElse(f.textOrNull("name"), id);
    Won amount = f.won("amountKrwPerMonth");
    f.end();
    return () -> new MonthlyFee(termIds.of(id, "fee", term), name, amount, term);
  }
}
