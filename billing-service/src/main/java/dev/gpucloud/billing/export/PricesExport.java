package dev.gpucloud.billing.export;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.account.AccountRepository.GrantWithBurns;
import dev.gpucloud.billing.invoice.engine.InvoiceAssembler;
import dev.gpucloud.billing.price.PriceRepository;
import dev.gpucloud.billing.price.PriceRepository.StoredPrice;
import dev.gpucloud.billing.rating.engine.Discount;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

  PricesExport(PriceRepository prices, AccountRepository accounts) {
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
      List<AccountView> accounts) {}

  /** Who sells. */
  @Schema(name = "ExportedOperator")
  record OperatorView(String name, String businessNumber) {}

  /** One price version. */
  @Schema(name = "ExportedPrice")
  record PriceView(
      String sku,
      String version,
      String unit,
      String purchaseClass,
      String listPriceKrw,
      String classPct,
      Instant effectiveFrom) {

    static PriceView of(StoredPrice p) {
      return new PriceView(
          p.price().sku(),
          p.price().version(),
          p.price().unit().name(),
          p.price().purchaseClass(),
          p.price().listPriceKrwPerHour().toString(),
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
      List<TenantView> tenants,
      List<CreditView> credits) {}

  /** A tenant's terms over time. */
  @Schema(name = "ExportedTenant")
  record TenantView(TenantId tenantId, String slug, List<TermsView> terms) {}

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
          g.burns().stream()
              .map(b -> new BurnView(b.month().toString(), b.amount().toString()))
              .toList());
    }
  }

  /** What the invoice of a month took of a credit, exact. */
  @Schema(name = "ExportedBurn")
  record BurnView(String month, String amount) {}

  Uni<PricesView> export(Mutiny.Session s) {
    return prices
        .all(s)
        .chain(
            stored ->
                prices
                    .discounts(s)
                    .chain(
                        discounts ->
                            prices
                                .operator(s)
                                .chain(
                                    operator ->
                                        accountViews(s)
                                            .map(
                                                all ->
                                                    new PricesView(
                                                        FORMAT,
                                                        "KRW",
                                                        "Asia/Seoul",
                                                        InvoiceAssembler.ROUNDING_POLICY,
                                                        VAT_PCT,
                                                        operator
                                                            .map(
                                                                o ->
                                                                    new OperatorView(
                                                                        o.name(),
                                                                        o.businessNumber()))
                                                            .orElse(null),
                                                        stored.stream().map(PriceView::of).toList(),
                                                        discounts.stream()
                                                            .map(DiscountView::of)
                                                            .toList(),
                                                        all)))));
  }

  private Uni<List<AccountView>> accountViews(Mutiny.Session s) {
    return accounts
        .all(s)
        .chain(
            all -> {
              List<UUID> tenants = all.stream().flatMap(a -> a.tenantIds().stream()).toList();
              return accounts
                  .terms(s, tenants)
                  .chain(
                      terms ->
                          accounts
                              .grants(s, tenants)
                              .map(
                                  grants ->
                                      all.stream().map(a -> view(a, terms, grants)).toList()));
            });
  }

  private static AccountView view(
      Account a, Map<TenantId, Timeline<Terms>> terms, List<GrantWithBurns> grants) {
    return new AccountView(
        a.id().toString(),
        a.businessNumber(),
        a.name(),
        a.mode().name(),
        a.tenants().stream()
            .map(
                t ->
                    new TenantView(
                        t.id(),
                        t.slug(),
                        terms.getOrDefault(t.id(), Timeline.empty()).all().stream()
                            .map(TermsView::of)
                            .toList()))
            .toList(),
        grants.stream()
            .filter(g -> a.tenantIds().contains(g.tenant().value()))
            .map(CreditView::of)
            .toList());
  }
}
