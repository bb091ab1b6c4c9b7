package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.billing.rating.engine.Tiers.Band;
import dev.gpucloud.contracts.money.Rational;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tiers of a price or a contract. */
final class TierFields {
  private TierFields() {}

  static @Nullable Tiers of(Fields price) {
    Fields f = price.object("tiers");
    if (f == null) {
      return null;
    }
    Tiers.Mode mode = f.oneOf("mode", Tiers.Mode.GRADUATED);
    List<Band> bands = f.list("bands").stream().map(TierFields::band).toList();
    f.end();
    try {
      return new Tiers(mode, bands);
    } catch (IllegalArgumentException e) {
      f.wrong("bands", Objects.requireNonNull(e.getMessage()));
      return new Tiers(mode, List.of(new Band(null, Rational.ONE)));
    }
  }

  private static Band band(Fields f) {
    var band = new Band(f.amountOrNull("upToHours"), f.amount("priceKrw"));
    f.end();
    return band;
  }

  /** The price of the first band, which stands for the price of all. */
  static Rational first(Fields f, Tiers tiers, String field) {
    if (f.has(field)) {
      f.amount(field);
    }
    return tiers.bands().getFirst().priceKrwPerHour();
  }
}
