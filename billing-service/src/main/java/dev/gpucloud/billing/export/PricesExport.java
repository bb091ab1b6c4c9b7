package dev.gpucloud.billing.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.account.AccountRepository.GrantWithBurns;
import dev.gpucloud.billing.account.GrantShares;
import dev.gpucloud.billing.agreement.Agreement;
import dev.gpucloud.billing.agreement.AgreementRepository;
import dev.gpucloud.billing.agreement.AgreementRepository.Prepaid;
import dev.gpucloud.billing.agreement.AgreementRepository.StoredPool;
import dev.gpucloud.billing.agreement.Agreements;
import dev.gpucloud.billing.correction.LateExport;
import dev.gpucloud.billing.price.PriceRepository;
import dev.gpucloud.billing.price.PriceRepository.StoredPrice;
import dev.gpucloud.billing.rating.engine.Discount;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.billing.statement.engine.GrantShare;
import dev.gpucloud.billing.statement.engine.StatementEngine;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Everything beside the events that decides an invoice, with every version there ever was. */
@ApplicationScoped
class PricesExport {
  private static final String FORMAT = "gpucloud.prices/v1";
  private static final int VAT_PCT = 10;

  private final PriceRepository prices;
  private final AccountRepository accounts;
  private final AgreementRepository agreements;
  private final LateExport late;
  private final GrantShares shares;

  PricesExport(
      PriceRepository prices,
      AccountRepository accounts,
      AgreementRepository agreements,
      LateExport late,
      GrantShares shares) {
    this.late = late;
    this.shares = shares;
    this.agreements = agreements;
    this.prices = prices;
    this.accounts = accounts;
  }

  /** The export. */
  @Schema(name = "ExportedPrices")
  record PricesView(
      String format,
      String currency,
      String timezone,
      String roundingPolicy,
      int vatPct,
      @Nullable OperatorView operator,
      List<PriceView> prices,
      List<DiscountView> discounts,
      List<AccountView> accounts,
      List<AgreedViews.PoolView> tierPools) {}

  /** Who sells. */
  @Schema(name = "ExportedOperator")
  record OperatorView(String name, String businessNumber) {}

  /** One price version. */
  @Schema(name = "ExportedPrice")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PriceView(
      String sku,
      String version,
      String unit,
      String purchaseClass,
      String listPriceKrw,
      AgreedViews.@Nullable TiersView tiers,
      String classPct,
      Instant effectiveFrom) {

    static PriceView of(StoredPrice p) {
      return new PriceView(
          p.price().sku(),
          p.price().version(),
          p.price().unit().name(),
          p.price().purchaseClass(),
          p.price().listPriceKrwPerHour().toString(),
          p.price().tiers() == null ? null : AgreedViews.TiersView.of(p.price().tiers()),
          p.price().classPct().toString(),
          p.price().effectiveFrom());
    }
  }

  /** One discount version. */
  @Schema(name = "ExportedDiscount")
  record DiscountView(String scope, String name, String pct, Instant effectiveFrom) {
    static DiscountView of(Discount d) {
      return new DiscountView(d.scope().name(), d.name(), d.pct().toString(), d.effectiveFrom());
    }
  }

  /** A legal entity with the terms of its tenants and their credits. */
  @Schema(name = "ExportedAccount")
  record AccountView(
      String accountId,
      String businessNumber,
      String name,
      String mode,
      @Schema(
              description =
                  "Of months that have an invoice; others are charged in the present mode.")
          List<LateExport.ModeView> modes,
      List<AgreedViews.TaxationView> taxations,
      List<TenantView> tenants,
      List<CreditView> credits,
      List<AgreedViews.ContractView> contracts,
      List<AgreedViews.UsageCommitmentView> usageCommitments,
      List<AgreedViews.FloorView> spendCommitments,
      List<AgreedViews.FeeView> monthlyFees,
      List<AgreedViews.PrepaidView> prepaid,
      List<LateExport.ClosedMonthView> closedMonths,
      LateExport.LateUsageView lateUsage,
      List<LateExport.SlaCreditView> slaCredits,
      List<LateExport.EstimatedEndView> estimatedEnds,
      List<LateExport.WaiverView> waivers) {}

  /** A tenant's terms over time. */
  @Schema(name = "ExportedTenant")
  record TenantView(
      TenantId tenantId, String slug, List<TermsView> terms, List<GrantShareView> grantShares) {}

  /** GPUs of a tenant that a grant pays in part. */
  @Schema(name = "ExportedGrantShare")
  record GrantShareView(
      String id,
      String model,
      String gpus,
      String customerSharePct,
      Instant from,
      @Nullable Instant until) {

    static GrantShareView of(GrantShare g) {
      return new GrantShareView(
          g.id(),
          g.model(),
          g.gpus().toString(),
          g.customerSharePct().toString(),
          g.term().from(),
          g.term().until());
    }
  }

  /** What a tenant's prices depend on from an instant on. */
  @Schema(name = "ExportedTerms")
  record TermsView(
      Instant effectiveFrom,
      String kind,
      @Nullable String segment,
      @Nullable String customerSharePct,
      @Nullable Instant shareEndsAt) {

    static TermsView of(Terms t) {
      Rational share = t.customerSharePct();
      return new TermsView(
          t.effectiveFrom(),
          t.kind(),
          t.segment(),
          share == null ? null : share.toString(),
          t.shareEndsAt());
    }
  }

  /** A promotional credit and what invoices took of it. */
  @Schema(name = "ExportedCredit")
  record CreditView(
      String id,
      TenantId tenantId,
      String name,
      int priority,
      String amountKrw,
      Instant validFrom,
      @Nullable Instant expiresAt,
      Instant grantedAt,
      List<BurnView> burns) {

    static CreditView of(GrantWithBurns g) {
      return new CreditView(
          g.grant().id().toString(),
          g.tenant(),
          g.grant().name(),
          g.grant().priority(),
          g.grant().balance().toString(),
          g.grant().validFrom(),
          g.grant().expiresAt(),
          g.grant().grantedAt(),
          burns(g));
    }

    /** By month, what corrections gave back taken off. */
    private static List<BurnView> burns(GrantWithBurns g) {
      var byMonth = new TreeMap<BillingMonth, Rational>();
      g.burns().forEach(b -> byMonth.merge(b.month(), b.amount(), Rational::add));
      return byMonth.entrySet().stream()
          .filter(b -> !b.getValue().isZero())
          .map(b -> new BurnView(b.getKey().toString(), b.getValue().toString()))
          .toList();
    }
  }

  /** What the invoice of a month took of a credit, exact. */
  @Schema(name = "ExportedBurn")
  record BurnView(String month, String amount) {}

  /** What is read one after the other. */
  private static final class Read {
    List<StoredPrice> prices = List.of();
    List<Discount> discounts = List.of();
    Optional<PriceRepository.Operator> operator = Optional.empty();
    List<Account> accounts = List.of();
    Map<TenantId, Timeline<Terms>> terms = Map.of();
    List<GrantWithBurns> grants = List.of();
    List<GrantShare> shares = List.of();
    List<Agreement> agreements = List.of();
    List<Prepaid> prepaid = List.of();
    List<StoredPool> pools = List.of();
    LateExport.All late = LateExport.All.NOTHING;

    List<UUID> tenants() {
      return accounts.stream().flatMap(a -> a.tenantIds().stream()).toList();
    }

    List<UUID> accountIds() {
      return accounts.stream().map(Account::id).toList();
    }
  }

  Uni<PricesView> export(Mutiny.Session s) {
    var read = new Read();
    return prices
        .all(s)
        .invoke(all -> read.prices = all)
        .chain(() -> prices.discounts(s))
        .invoke(all -> read.discounts = all)
        .chain(() -> prices.operator(s))
        .invoke(found -> read.operator = found)
        .chain(() -> accounts.all(s))
        .invoke(all -> read.accounts = all)
        .chain(() -> accounts.terms(s, read.tenants()))
        .invoke(all -> read.terms = all)
        .chain(() -> accounts.grants(s, read.tenants()))
        .invoke(all -> read.grants = all)
        .chain(() -> shares.of(s, read.tenants()))
        .invoke(all -> read.shares = all)
        .chain(() -> agreements.inForce(s, read.accountIds()))
        .invoke(all -> read.agreements = all)
        .chain(() -> agreements.prepaid(s, read.accountIds()))
        .invoke(all -> read.prepaid = all)
        .chain(() -> agreements.poolVersions(s))
        .invoke(all -> read.pools = all)
        .chain(() -> late.export(s, read.accountIds()))
        .invoke(all -> read.late = all)
        .map(all -> view(read));
  }

  private static PricesView view(Read read) {
    return new PricesView(
        FORMAT,
        "KRW",
        "Asia/Seoul",
        StatementEngine.ROUNDING_POLICY,
        VAT_PCT,
        read.operator.map(o -> new OperatorView(o.name(), o.businessNumber())).orElse(null),
        read.prices.stream().map(PriceView::of).toList(),
        read.discounts.stream().map(DiscountView::of).toList(),
        read.accounts.stream().map(a -> view(a, read)).toList(),
        read.pools.stream().map(AgreedViews.PoolView::of).toList());
  }

  private static AccountView view(Account a, Read read) {
    var agreed = new Agreements(read.agreements, read.prices);
    List<Agreement> theirs = agreed.of(a.id());
    return new AccountView(
        a.id().toString(),
        a.businessNumber(),
        a.name(),
        a.mode().name(),
        read.late.modes(a.id()),
        Agreements.taxation(theirs).agreed().stream().map(AgreedViews.TaxationView::of).toList(),
        a.tenants().stream()
            .map(
                t ->
                    new TenantView(
                        t.id(),
                        t.slug(),
                        read.terms.getOrDefault(t.id(), Timeline.empty()).all().stream()
                            .map(TermsView::of)
                            .toList(),
                        read.shares.stream()
                            .filter(g -> g.tenant().equals(t.id()))
                            .map(GrantShareView::of)
                            .toList()))
            .toList(),
        read.grants.stream()
            .filter(g -> a.tenantIds().contains(g.tenant().value()))
            .map(CreditView::of)
            .toList(),
        agreed.contracts(theirs).stream().map(AgreedViews.ContractView::of).toList(),
        Agreements.usageCommitments(theirs).stream()
            .map(AgreedViews.UsageCommitmentView::of)
            .toList(),
        Agreements.spendCommitments(theirs).stream().map(AgreedViews.FloorView::of).toList(),
        Agreements.monthlyFees(theirs).stream().map(AgreedViews.FeeView::of).toList(),
        read.prepaid.stream()
            .filter(p -> p.account().equals(a.id()))
            .map(AgreedViews.PrepaidView::of)
            .toList(),
        read.late.closedMonths(a.id()),
        read.late.lateUsage(a.id()),
        read.late.slaCredits(a.id()),
        read.late.estimatedEnds(a.id()),
        read.late.waivers(a.id()));
  }
}
