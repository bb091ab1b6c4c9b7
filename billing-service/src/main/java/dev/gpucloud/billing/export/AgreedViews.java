package dev.gpucloud.billing.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.billing.agreement.AgreementRepository.Prepaid;
import dev.gpucloud.billing.agreement.AgreementRepository.StoredPool;
import dev.gpucloud.billing.rating.engine.ContractPrice;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.billing.statement.engine.MonthlyFee;
import dev.gpucloud.billing.statement.engine.SpendCommitment;
import dev.gpucloud.billing.statement.engine.Taxation;
import dev.gpucloud.billing.statement.engine.UsageCommitment;
import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What is agreed with an account, in the form {@code gpucloud.prices/v1}. */
final class AgreedViews {
  private AgreedViews() {}

  private static @Nullable String text(@Nullable Rational value) {
    return value == null ? null : value.toString();
  }

  /** A price agreed with one customer. */
  @Schema(name = "ExportedContract")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ContractView(
      String id,
      @Nullable String item,
      @Nullable String sku,
      String unit,
      String priceKrw,
      @Nullable TiersView tiers,
      Instant from,
      @Nullable Instant until) {

    static ContractView of(ContractPrice c) {
      Tiers tiers = c.tiers();
      return new ContractView(
          c.id(),
          c.item(),
          c.sku(),
          c.unit().name(),
          c.priceKrwPerHour().toString(),
          tiers == null ? null : TiersView.of(tiers),
          c.from(),
          c.until());
    }
  }

  /** Prices by the quantity of a month. */
  @Schema(name = "ExportedTiers")
  record TiersView(String mode, List<BandView> bands) {
    static TiersView of(Tiers t) {
      return new TiersView(
          t.mode().name(),
          t.bands().stream()
              .map(b -> new BandView(text(b.upToHours()), b.priceKrwPerHour().toString()))
              .toList());
    }
  }

  /** A band; the last one has no end. */
  @Schema(name = "ExportedBand")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record BandView(@Nullable String upToHours, String priceKrw) {}

  /** A quantity that is paid whether it runs or not. */
  @Schema(name = "ExportedUsageCommitment")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record UsageCommitmentView(
      String id,
      String sku,
      String kind,
      @Nullable String units,
      @Nullable String hoursPerMonth,
      String priceKrw,
      @Nullable String overagePriceKrw,
      Instant from,
      @Nullable Instant until) {

    static UsageCommitmentView of(UsageCommitment c) {
      boolean hourly = c.kind() == UsageCommitment.Kind.HOURLY;
      return new UsageCommitmentView(
          c.id(),
          c.sku(),
          c.kind().name(),
          hourly ? c.quantity().toString() : null,
          hourly ? null : c.quantity().toString(),
          c.priceKrwPerHour().toString(),
          text(c.overagePriceKrwPerHour()),
          c.term().from(),
          c.term().until());
    }
  }

  /** A least amount of usage a month. */
  @Schema(name = "ExportedSpendCommitment")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record FloorView(String id, String amountKrwPerMonth, Instant from, @Nullable Instant until) {
    static FloorView of(SpendCommitment c) {
      return new FloorView(
          c.id(), Long.toString(c.amountPerMonth().amount()), c.term().from(), c.term().until());
    }
  }

  /** A fixed amount a month. */
  @Schema(name = "ExportedMonthlyFee")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record FeeView(
      String id, String name, String amountKrwPerMonth, Instant from, @Nullable Instant until) {
    static FeeView of(MonthlyFee f) {
      return new FeeView(
          f.id(),
          f.name(),
          Long.toString(f.amountPerMonth().amount()),
          f.term().from(),
          f.term().until());
    }
  }

  /** How the account's documents, or a SKU's lines on them, are taxed for a term. */
  @Schema(name = "ExportedTaxation")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record TaxationView(
      String id, @Nullable String sku, String taxType, Instant from, @Nullable Instant until) {
    static TaxationView of(Taxation.Agreed a) {
      return new TaxationView(a.id(), a.sku(), a.type().name(), a.term().from(), a.term().until());
    }
  }

  /** Money paid before, and what invoices took of it. */
  @Schema(name = "ExportedPrepaid")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PrepaidView(
      String id,
      int priority,
      String balanceKrw,
      Instant validFrom,
      @Nullable Instant expiresAt,
      Instant paidAt,
      List<PaymentView> payments) {

    static PrepaidView of(Prepaid p) {
      return new PrepaidView(
          p.paidIn().id(),
          p.paidIn().priority(),
          Long.toString(p.paidIn().balance().amount()),
          p.paidIn().validFrom(),
          p.paidIn().expiresAt(),
          p.paidIn().paidAt(),
          p.payments().stream()
              .map(d -> new PaymentView(d.month().toString(), Long.toString(d.amount().amount())))
              .toList());
    }
  }

  /** What the invoice of a month took of prepaid money. */
  @Schema(name = "ExportedPayment")
  record PaymentView(String month, String amountKrw) {}

  /** Accounts whose quantities count together for tiers from a month on; none: dissolved. */
  @Schema(name = "ExportedTierPool")
  record PoolView(String id, List<String> accounts, String fromMonth) {
    static PoolView of(StoredPool p) {
      return new PoolView(
          p.name(), p.accounts().stream().map(UUID::toString).toList(), p.fromMonth().toString());
    }
  }
}
