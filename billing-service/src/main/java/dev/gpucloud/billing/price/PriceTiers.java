package dev.gpucloud.billing.price;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.contracts.money.Rational;
import java.math.BigDecimal;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Tiers of a list price as they are stored and shown; amounts are exact decimals. */
@Schema(
    name = "PriceTiers",
    description =
        "Bands of a month's units times hours of an account, or of its tier pool; of list prices.")
record PriceTiers(
    @Schema(enumeration = {"GRADUATED", "VOLUME"}) String mode, List<BandView> bands) {

  /** A band up to so many hours; the last one has no end. */
  @Schema(name = "PriceBand")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record BandView(@Nullable String upToHours, String priceKrw) {}

  static @Nullable PriceTiers of(@Nullable Tiers tiers) {
    return tiers == null
        ? null
        : new PriceTiers(
            tiers.mode().name(),
            tiers.bands().stream()
                .map(
                    b ->
                        new BandView(
                            b.upToHours() == null ? null : plain(b.upToHours()),
                            plain(b.priceKrwPerHour())))
                .toList());
  }

  private static String plain(Rational decimal) {
    BigDecimal value = new BigDecimal(decimal.toDecimal12()).stripTrailingZeros();
    return (value.scale() < 0 ? value.setScale(0) : value).toPlainString();
  }

  Tiers toTiers() {
    return new Tiers(
        Tiers.Mode.valueOf(mode),
        bands.stream()
            .map(
                b ->
                    new Tiers.Band(
                        b.upToHours() == null ? null : Rational.parse(b.upToHours()),
                        Rational.parse(b.priceKrw())))
            .toList());
  }
}
