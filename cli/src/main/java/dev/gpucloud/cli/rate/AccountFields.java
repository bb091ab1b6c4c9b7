package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.correction.engine.ClosedMonth;
import dev.gpucloud.billing.correction.engine.LatePolicy;
import dev.gpucloud.billing.correction.engine.SlaCredit;
import dev.gpucloud.billing.correction.engine.TakeBack;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.rating.engine.CreditGrant;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.billing.statement.engine.AccountCredit;
import dev.gpucloud.billing.statement.engine.AccountTerms;
import dev.gpucloud.billing.statement.engine.GrantShare;
import dev.gpucloud.billing.statement.engine.PrepaidCredit;
import dev.gpucloud.billing.statement.engine.Taxation;
import dev.gpucloud.billing.statement.engine.Term;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a price book says of one account, as the invoice of a month sees it: balances are less what
 * earlier months took of them.
 */
final class AccountFields {
  private static final Rational HUNDRED = Rational.of(100);

  private final Names names;
  private final BillingMonth month;
  private final AccountIndex index;
  private final Once once = new Once();
  private final AgreementFields agreements = new AgreementFields();
  private Set<TenantId> own = Set.of();
  private int creditCount;

  AccountFields(Names names, BillingMonth month, AccountIndex index) {
    this.names = names;
    this.month = month;
    this.index = index;
  }

  /** How closed months are corrected. */
  record Corrected(
      List<ClosedMonth> closed,
      LatePolicy policy,
      List<SlaCredit> slaCredits,
      List<TakeBack> takeBacks) {}

  /** What is agreed with an account, how its closed months are corrected, and what was waived. */
  record Read(AccountTerms terms, Corrected corrected, List<Waiver> waivers) {}

  Read read(Fields f) {
    AccountTerms terms = terms(f);
    Corrected corrected = corrected(f);
    List<Waiver> waivers = f.list("waivers").stream().map(Waiver::of).toList();
    f.end();
    return new Read(terms, corrected, waivers);
  }

  private AccountTerms terms(Fields f) {
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
    own = tenants.keySet();
    BillingMode mode = f.oneOf("mode", BillingMode.EXTERNAL);
    return new AccountTerms(
        id,
        index.isOperator(number) ? BillingMode.SHOWBACK : mode,
        taxation(f),
        tenants,
        f.list("contracts").stream().map(agreements::contract).filter(Objects::nonNull).toList(),
        f.list("usageCommitments").stream().map(agreements::usageCommitment).toList(),
        shares,
        f.list("spendCommitments").stream().map(agreements::spendCommitment).toList(),
        f.list("monthlyFees").stream().map(agreements::fee).toList(),
        f.list("credits").stream().map(this::credit).toList(),
        f.list("prepaid").stream().map(this::prepaid).toList());
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
      index.tenant(f, id, account);
    }
    if (slug != null && !slug.equals(id)) {
      index.tenant(f, slug, account);
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
            f.percent("customerSharePct", HUNDRED),
            TermFields.of(f));
    once.check(f, "grant share " + share.id() + " from " + share.term().from());
    f.end();
    return share;
  }

  private static Terms terms(Fields f, Instant from) {
    return new Terms(
        from,
        Objects.requireNonNullElse(f.textOrNull("kind"), "EXTERNAL"),
        f.textOrNull("segment"),
        f.has("customerSharePct") ? f.percent("customerSharePct", HUNDRED) : null,
        f.limit("shareEndsAt"));
  }

  private Taxation taxation(Fields f) {
    Fields evidence = f.object("zeroRatingEvidence");
    Term term = evidence == null ? null : TermFields.of(evidence);
    if (evidence != null) {
      evidence.end();
    }
    Map<String, TaxType> ofSkus = new HashMap<>();
    for (Fields own : f.list("taxTypes")) {
      String sku = own.sku("sku");
      once.check(own, "tax type of " + sku);
      if (!own.has("taxType")) {
        own.wrong("taxType", "must be given");
      }
      ofSkus.put(sku, own.oneOf("taxType", TaxType.TAXED));
      own.end();
    }
    return new Taxation(
        f.oneOf("taxType", TaxType.TAXED),
        ofSkus,
        term,
        f.flag("pricesIncludeVat"),
        f.list("taxations").stream().map(this::agreedTax).toList());
  }

  private Taxation.Agreed agreedTax(Fields f) {
    String id = f.text("id");
    once.check(f, "taxation " + id);
    if (!f.has("taxType")) {
      f.wrong("taxType", "must be given");
    }
    var agreed = new Taxation.Agreed(id, f.oneOf("taxType", TaxType.TAXED), TermFields.of(f));
    f.end();
    return agreed;
  }

  private AccountCredit credit(Fields f) {
    String id = f.text("id");
    once.check(f, "credit " + id);
    Rational left = f.amount("amountKrw");
    for (Fields burn : f.list("burns")) {
      boolean earlier = burn.month("month").start().isBefore(month.start());
      Rational amount = burn.amount("amount");
      left = earlier ? left.subtract(amount) : left;
      burn.end();
    }
    if (left.signum() < 0) {
      f.wrong("burns", "are more than the credit has");
    }
    Term valid = TermFields.of(f, "validFrom", "expiresAt");
    Instant granted = f.startOrNull("grantedAt");
    var grant =
        new CreditGrant(
            names.credit(id, creditCount++),
            Objects.requireNonNullElse(f.textOrNull("name"), id),
            f.integer("priority", 0),
            valid.from(),
            valid.until(),
            granted == null ? valid.from() : granted,
            hasLapsed(valid) ? Rational.ZERO : left);
    return new AccountCredit(tenantOf(f), grant);
  }

  /** What lapsed in an earlier month is breakage of that month. */
  private boolean hasLapsed(Term valid) {
    return valid.until() != null && !valid.until().isAfter(month.start());
  }

  /** The tenant that alone may use a credit; checked when all tenants are known. */
  private @Nullable TenantId tenantOf(Fields f) {
    String id = f.textOrNull("tenantId");
    String slug = f.textOrNull("tenant");
    f.end();
    if (id == null && slug == null) {
      return null;
    }
    TenantId tenant = names.tenant(id, slug);
    if (tenant == null || !own.contains(tenant)) {
      f.wrong(slug == null ? "tenantId" : "tenant", "is no tenant of the account");
    }
    return tenant;
  }

  private PrepaidCredit prepaid(Fields f) {
    String id = f.text("id");
    once.check(f, "prepaid credit " + id);
    Term valid = TermFields.of(f, "validFrom", "expiresAt");
    Instant paid = f.startOrNull("paidAt");
    Won left = f.won("balanceKrw");
    for (Fields payment : f.list("payments")) {
      boolean earlier = payment.month("month").start().isBefore(month.start());
      Won amount = payment.won("amountKrw");
      left = earlier ? left.minus(amount) : left;
      payment.end();
    }
    if (left.amount() < 0) {
      f.wrong("payments", "are more than the balance");
      left = Won.ZERO;
    }
    var prepaid =
        new PrepaidCredit(
            id,
            f.integer("priority", 0),
            valid.from(),
            valid.until(),
            paid == null ? valid.from() : paid,
            hasLapsed(valid) ? Won.ZERO : left);
    f.end();
    return prepaid;
  }

  private Corrected corrected(Fields f) {
    List<ClosedMonth> closed =
        f.list("closedMonths").stream()
            .map(
                c -> {
                  var month = new ClosedMonth(c.month("month"), c.start("closedAt"));
                  once.check(c, "closed month " + month.month());
                  c.end();
                  return month;
                })
            .toList();
    Fields late = f.object("lateUsage");
    LatePolicy policy = LatePolicy.USUAL;
    if (late != null) {
      policy =
          new LatePolicy(
              late.oneOf("way", LatePolicy.Way.NEXT_INVOICE),
              late.has("writeOffBelowKrw") ? late.won("writeOffBelowKrw") : Won.ZERO);
      late.end();
    }
    return new Corrected(
        closed,
        policy,
        f.list("slaCredits").stream().map(this::slaCredit).filter(Objects::nonNull).toList(),
        f.list("takeBacks").stream().map(this::takeBack).toList());
  }

  private @Nullable SlaCredit slaCredit(Fields f) {
    String id = f.text("id");
    once.check(f, "SLA credit " + id);
    BillingMonth credited = f.month("month");
    boolean pct = f.has("pct");
    Rational share = pct ? f.percent("pct", HUNDRED) : null;
    Won amount = f.has("amountKrw") ? f.won("amountKrw") : null;
    String sku = f.textOrNull("sku");
    var granted = f.date("grantedOn");
    f.end();
    if (pct == (amount != null)) {
      f.wrong("pct", "must be given, or amountKrw, and not both");
      return null;
    }
    return new SlaCredit(id, credited, share, amount, sku, granted);
  }

  private TakeBack takeBack(Fields f) {
    BillingMonth taken = f.month("month");
    TakeBack.Reason reason = f.oneOf("reason", TakeBack.Reason.CONTRACT_RESCINDED);
    if (!f.has("reason")) {
      f.wrong("reason", "must be given");
    }
    var back = new TakeBack(taken, reason, f.date("on"));
    once.check(f, "take-back of " + taken);
    f.end();
    return back;
  }
}
