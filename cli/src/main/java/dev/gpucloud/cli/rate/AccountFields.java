package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.billing.statement.engine.AccountTerms;
import dev.gpucloud.billing.statement.engine.GrantShare;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a price book says of one account, as the invoice of a month sees it: balances are less what
 * earlier months took of them.
 */
final class AccountFields {
  private final Names names;
  private final BillingMonth month;
  private final AccountIndex index;
  private final Once once = new Once();
  private final AgreementFields agreements = new AgreementFields();

  AccountFields(Names names, BillingMonth month, AccountIndex index) {
    this.names = names;
    this.month = month;
    this.index = index;
  }

  /**
   * What is agreed with an account, how its closed months are corrected, what was waived, and which
   * ends its invoices estimated.
   */
  record Read(
      AccountTerms terms,
      Corrected corrected,
      List<Waiver> waivers,
      List<EstimatedEnd> estimatedEnds) {}

  Read read(Fields f) {
    Corrected corrected = Corrected.of(f);
    AccountTerms terms = agreed(f, corrected.closedAt(month).orElse(null));
    List<Waiver> waivers = f.list("waivers").stream().map(Waiver::of).toList();
    List<EstimatedEnd> estimatedEnds = EstimatedEnd.of(f);
    f.end();
    return new Read(terms, corrected, waivers, estimatedEnds);
  }

  private AccountTerms agreed(Fields f, @Nullable Instant closedAt) {
    String id = f.text("accountId");
    String number = f.textOrNull("businessNumber");
    index.account(f, id, number);
    f.textOrNull("name");
    Map<TenantId, Timeline<Terms>> tenants = new HashMap<>();
    List<GrantShare> shares = new ArrayList<>();
    for (Fields t : f.list("tenants")) {
      List<Fields> awards = t.list("grantShares");
      TenantId tenant = tenant(t, id, tenants);
      if (tenant != null) {
        awards.forEach(award -> shares.add(share(award, tenant)));
      }
    }
    var credits = new CreditFields(names, month, closedAt, index, tenants.keySet());
    return new AccountTerms(
        id,
        mode(f, number),
        new TaxationFields().of(f),
        tenants,
        agreements.contracts(f.list("contracts")),
        agreements.usageCommitments(f.list("usageCommitments")),
        shares,
        f.list("spendCommitments").stream().map(agreements::spendCommitment).toList(),
        agreements.fees(f.list("monthlyFees")),
        f.list("credits").stream().map(credits::credit).filter(Objects::nonNull).toList(),
        f.list("prepaid").stream().map(credits::prepaid).toList());
  }

  /** The mode that is said of the month, else the account's own; what is own use stays it. */
  private BillingMode mode(Fields f, @Nullable String number) {
    BillingMode mode = f.oneOf("mode", BillingMode.EXTERNAL);
    for (Fields of : f.list("modes")) {
      BillingMonth said = of.month("month");
      once.check(of, "month", "mode of " + said);
      BillingMode held = of.oneOfGiven("mode", BillingMode.EXTERNAL);
      mode = said.equals(month) ? held : mode;
      of.end();
    }
    return index.isOperator(number) ? BillingMode.SHOWBACK : mode;
  }

  private @Nullable TenantId tenant(
      Fields f, String account, Map<TenantId, Timeline<Terms>> tenants) {
    String id = f.textOrNull("tenantId");
    String slug = f.textOrNull("slug");
    if (id == null && slug == null) {
      f.wrong("slug", "must be given, or tenantId");
      f.end();
      return null;
    }
    List<Terms> terms = new ArrayList<>();
    for (Fields t : f.list("terms")) {
      terms.add(terms(t, t.start("effectiveFrom")));
      t.end();
    }
    if (terms.isEmpty()) {
      terms.add(terms(f, Instant.EPOCH));
    }
    f.end();
    if (id != null) {
      index.tenant(f, "tenantId", id, account);
    }
    if (slug != null && !slug.equals(id)) {
      index.tenant(f, "slug", slug, account);
    }
    TenantId tenant = names.declare(id, slug);
    try {
      tenants.put(tenant, Timeline.of(terms, Terms::effectiveFrom));
    } catch (IllegalArgumentException e) {
      f.wrong("terms", Objects.requireNonNull(e.getMessage()));
    }
    return tenant;
  }

  private GrantShare share(Fields f, TenantId tenant) {
    var share =
        new GrantShare(
            f.text("id"),
            tenant,
            f.text("model"),
            f.positive("gpus"),
            f.percent("customerSharePct"),
            TermFields.of(f));
    once.check(f, "id", "grant share " + share.id() + " from " + share.term().from());
    f.end();
    return share;
  }

  private static Terms terms(Fields f, Instant from) {
    return new Terms(
        from,
        Objects.requireNonNullElse(f.textOrNull("kind"), "EXTERNAL"),
        f.textOrNull("segment"),
        f.has("customerSharePct") ? f.percent("customerSharePct") : null,
        f.limit("shareEndsAt"));
  }
}
