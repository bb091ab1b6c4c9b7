package dev.gpucloud.billing.agreement;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.rating.engine.ContractPrice;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.billing.statement.engine.MonthlyFee;
import dev.gpucloud.billing.statement.engine.SpendCommitment;
import dev.gpucloud.billing.statement.engine.Taxation;
import dev.gpucloud.billing.statement.engine.Term;
import dev.gpucloud.billing.statement.engine.UsageCommitment;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What an agreement says, as it is asked for, stored and exported: which fields it has depends on
 * its kind. Amounts are exact decimals as text, in won; hours are units times hours.
 */
@Schema(name = "AgreementTerms")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AgreementTerms(
    @Schema(
            description =
                "CONTRACT_PRICE, USAGE_COMMITMENT; TAXATION: whose lines alone it is for, before"
                    + " what is agreed of the account.",
            examples = "b200-sxm-180g.on-demand.kr-ulsan")
        @Nullable String sku,
    @Schema(description = "A GPU model or MIG type in every purchase class and region.")
        @Nullable String item,
    @Schema(examples = "4050") @Nullable String priceKrw,
    @Nullable TierTerms tiers,
    @Schema(enumeration = {"HOURLY", "POOLED"}) @Nullable String commitment,
    @Schema(description = "HOURLY: units committed in every clock hour.", examples = "64")
        @Nullable String units,
    @Schema(description = "POOLED: hours committed in a whole month.")
        @Nullable String hoursPerMonth,
    @Nullable String overagePriceKrw,
    @Nullable String amountKrwPerMonth,
    @Nullable String name,
    @Schema(
            description =
                "TAXATION: holds for documents written within the term; a document is written on"
                    + " the last day of its month.",
            enumeration = {"TAXED", "ZERO_RATED", "EXEMPT"})
        @Nullable String taxType,
    @Schema(
            description = "TAXATION, ZERO_RATED: what it rests on; until is its last day.",
            examples = "Purchase confirmation PC-2026-0117")
        @Nullable String evidence) {

  /** Bands of rising quantities; the last one has no end. */
  @Schema(name = "AgreementTiers")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TierTerms(
      @Schema(enumeration = {"GRADUATED", "VOLUME"}) @Nullable String mode,
      @Nullable List<BandTerms> bands) {}

  /** A band up to so many hours of a month. */
  @Schema(name = "AgreementBand")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record BandTerms(@Nullable String upToHours, @Nullable String priceKrw) {}

  ContractPrice contractPrice(String reference, Term term, PriceUnit unit) {
    Tiers byQuantity = toTiers();
    return new ContractPrice(
        reference,
        item,
        sku,
        unit,
        byQuantity == null ? rational(priceKrw) : byQuantity.bands().getFirst().priceKrwPerHour(),
        byQuantity,
        term.from(),
        term.until());
  }

  @Nullable Tiers toTiers() {
    if (tiers == null) {
      return null;
    }
    return new Tiers(
        Tiers.Mode.valueOf(Objects.requireNonNull(tiers.mode())),
        Objects.requireNonNull(tiers.bands()).stream()
            .map(
                b ->
                    new Tiers.Band(
                        b.upToHours() == null ? null : rational(b.upToHours()),
                        rational(b.priceKrw())))
            .toList());
  }

  UsageCommitment usageCommitment(String reference, Term term) {
    UsageCommitment.Kind kind = UsageCommitment.Kind.valueOf(Objects.requireNonNull(commitment));
    return new UsageCommitment(
        reference,
        Objects.requireNonNull(sku),
        kind,
        rational(kind == UsageCommitment.Kind.HOURLY ? units : hoursPerMonth),
        rational(priceKrw),
        overagePriceKrw == null ? null : rational(overagePriceKrw),
        term);
  }

  SpendCommitment spendCommitment(String reference, Term term) {
    return new SpendCommitment(reference, won(amountKrwPerMonth), term);
  }

  MonthlyFee monthlyFee(String reference, Term term) {
    return new MonthlyFee(
        reference, Objects.requireNonNullElse(name, reference), won(amountKrwPerMonth), term);
  }

  Taxation.Agreed taxation(String reference, Term term) {
    return new Taxation.Agreed(
        reference, sku, TaxType.valueOf(Objects.requireNonNull(taxType)), term);
  }

  private static Rational rational(@Nullable String text) {
    return Rational.parse(Objects.requireNonNull(text));
  }

  private static Won won(@Nullable String text) {
    return new Won(Long.parseLong(Objects.requireNonNull(text)));
  }
}
