package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpucloud.billing.correction.engine.ClosedMonth;
import dev.gpucloud.billing.correction.engine.LatePolicy;
import dev.gpucloud.billing.correction.engine.SlaCredit;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.rating.engine.ContractPrice;
import dev.gpucloud.billing.rating.engine.CreditGrant;
import dev.gpucloud.billing.rating.engine.Discount;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.rating.engine.PriceVersion;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.billing.rating.engine.Tiers.Band;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.billing.statement.engine.AccountCredit;
import dev.gpucloud.billing.statement.engine.AccountTerms;
import dev.gpucloud.billing.statement.engine.GrantShare;
import dev.gpucloud.billing.statement.engine.MonthlyFee;
import dev.gpucloud.billing.statement.engine.PrepaidCredit;
import dev.gpucloud.billing.statement.engine.PriceBook;
import dev.gpucloud.billing.statement.engine.SpendCommitment;
import dev.gpucloud.billing.statement.engine.Taxation;
import dev.gpucloud.billing.statement.engine.Term;
import dev.gpucloud.billing.statement.engine.TierPool;
import dev.gpucloud.billing.statement.engine.UsageCommitment;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A price book as YAML or JSON, in the form {@code gpucloud.prices/v1} that the product exports.
 * The JSON Schema and an example for each model are in {@code docs/rate}.
 */
final class PriceBookFile {
  static final String FORMAT = "gpucloud.prices/v1";
  private static final Rational HUNDRED = Rational.of(100);

  private final Names names;
  private final Violations violations;
  private final BillingMonth month;
  private @Nullable String operatorNumber;

  private PriceBookFile(Names names, Violations violations, BillingMonth month) {
    this.month = month;
    this.names = names;
    this.violations = violations;
  }

  /** What is agreed with an account beside its prices: how closed months are corrected. */
  record Corrected(List<ClosedMonth> closed, LatePolicy policy, List<SlaCredit> slaCredits) {}

  /** The book, and by account and tenant what else the file says. */
  record Read(
      PriceBook book, Map<String, Corrected> corrected, Map<String, String> accountByName) {}

  /** The book as the invoice of a month sees it: balances are less what earlier months took. */
  static Read read(Path file, Names names, BillingMonth month) {
    var violations = new Violations(file.getFileName().toString());
    JsonNode root;
    try {
      YAMLMapper yaml = new YAMLMapper();
      yaml.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
      root = yaml.readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      violations.add("", "cannot be read as YAML or JSON: " + firstLine(e));
      violations.orThrow();
      throw new IllegalStateException(e);
    }
    Read read = new PriceBookFile(names, violations, month).read(new Fields(root, "", violations));
    violations.orThrow();
    return read;
  }

  private static String firstLine(IOException e) {
    String message = Objects.requireNonNullElse(e.getMessage(), e.toString());
    return message.lines().findFirst().orElse(message);
  }

  private Read read(Fields root) {
    String format = root.textOrNull("format");
    if (format != null && !format.equals(FORMAT)) {
      root.wrong("format", "must be " + FORMAT);
    }
    fixed(root, "currency", "KRW");
    fixed(root, "timezone", "Asia/Seoul");
    fixed(root, "roundingPolicy", "v1");
    fixed(root, "vatPct", "10");
    Fields operator = root.object("operator");
    operatorNumber = operator == null ? null : operator.textOrNull("businessNumber");
    List<PriceVersion> prices = root.list("prices").stream().map(this::price).toList();
    unique(
        root.list("prices"),
        prices.stream().map(p -> p.sku() + " from " + p.effectiveFrom()).toList());
    List<Discount> discounts = root.list("discounts").stream().map(this::discount).toList();
    unique(
        root.list("discounts"),
        discounts.stream()
            .map(d -> d.scope() + " " + d.name() + " from " + d.effectiveFrom())
            .toList());
    var accounts = new ArrayList<AccountTerms>();
    var corrected = new HashMap<String, Corrected>();
    var byName = new HashMap<String, String>();
    List<Fields> accountFields = root.list("accounts");
    for (Fields f : accountFields) {
      AccountTerms account = account(f, byName);
      corrected.put(account.id(), corrected(f));
      accounts.add(account);
      f.end();
    }
    unique(accountFields, accounts.stream().map(a -> "account " + a.id()).toList());
    if (accounts.isEmpty()) {
      root.wrong("accounts", "must have an account");
    }
    List<TierPool> pools = root.list("tierPools").stream().map(this::pool).toList();
    root.end();
    if (!violations.isEmpty()) {
      violations.orThrow();
    }
    return new Read(
        PriceBook.of(RateCard.of(prices, discounts), accounts, pools), corrected, byName);
  }

  private static void fixed(Fields root, String field, String wanted) {
    String value = root.textOrNull(field);
    if (value != null && !value.equals(wanted)) {
      root.wrong(field, "must be " + wanted);
    }
  }

  private static void unique(List<Fields> items, List<String> keys) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      if (!seen.add(keys.get(i))) {
        items.get(i).wrong("", "there is another " + keys.get(i));
      }
    }
  }

  private PriceVersion price(Fields f) {
    Tiers tiers = tiers(f);
    String sku = f.text("sku");
    var price =
        new PriceVersion(
            sku,
            f.text("version"),
            f.oneOf("unit", PriceUnit.GPU_HOUR),
            Objects.requireNonNullElse(f.textOrNull("purchaseClass"), Shape.purchaseClassOf(sku)),
            tiers == null ? f.positive("listPriceKrw") : first(f, tiers, "listPriceKrw"),
            f.percent("classPct", HUNDRED),
            f.start("effectiveFrom"),
            tiers,
            false);
    f.end();
    return price;
  }

  private static Rational first(Fields f, Tiers tiers, String field) {
    if (f.has(field)) {
      f.amount(field);
    }
    return tiers.bands().getFirst().priceKrwPerHour();
  }

  private @Nullable Tiers tiers(Fields of) {
    Fields f = of.object("tiers");
    if (f == null) {
      return null;
    }
    Tiers.Mode mode = f.oneOf("mode", Tiers.Mode.GRADUATED);
    List<Band> bands =
        f.list("bands").stream()
            .map(
                b -> {
                  var band = new Band(b.amountOrNull("upToHours"), b.amount("priceKrw"));
                  b.end();
                  return band;
                })
            .toList();
    f.end();
    try {
      return new Tiers(mode, bands);
    } catch (IllegalArgumentException e) {
      f.wrong("bands", Objects.requireNonNull(e.getMessage()));
      return null;
    }
  }

  private Discount discount(Fields f) {
    var discount =
        new Discount(
            f.oneOf("scope", Discount.Scope.SEGMENT),
            f.text("name"),
            f.percent("pct", Rational.ZERO),
            f.start("effectiveFrom"));
    f.end();
    return discount;
  }

  private TierPool pool(Fields f) {
    var pool = new TierPool(f.text("id"), new HashSet<>(f.texts("accounts")));
    f.end();
    return pool;
  }

  private AccountTerms account(Fields f, Map<String, String> byName) {
    String id = f.text("accountId");
    byName.put(id, id);
    String number = f.textOrNull("businessNumber");
    if (number != null) {
      byName.putIfAbsent(number, id);
    }
    f.textOrNull("name");
    Map<TenantId, Timeline<Terms>> tenants = new HashMap<>();
    List<GrantShare> shares = new ArrayList<>();
    for (Fields t : f.list("tenants")) {
      String slug = t.textOrNull("slug");
      if (slug != null) {
        byName.putIfAbsent(slug, id);
      }
      List<Fields> awards = t.list("grantShares");
      TenantId tenant = tenant(t, slug, tenants);
      if (tenant != null) {
        awards.forEach(award -> shares.add(share(award, tenant)));
      }
    }
    BillingMode mode = f.oneOf("mode", BillingMode.EXTERNAL);
    return new AccountTerms(
        id,
        ownUse(number) ? BillingMode.SHOWBACK : mode,
        taxation(f),
        tenants,
        f.list("contracts").stream().map(this::contract).filter(Objects::nonNull).toList(),
        f.list("usageCommitments").stream().map(this::usageCommitment).toList(),
        shares,
        f.list("spendCommitments").stream().map(this::spendCommitment).toList(),
        f.list("monthlyFees").stream().map(this::fee).toList(),
        f.list("credits").stream().map(this::credit).toList(),
        f.list("prepaid").stream().map(this::prepaid).toList());
  }

  /** What the operator uses itself is never a supply. */
  private boolean ownUse(@Nullable String number) {
    return number != null && number.equals(operatorNumber);
  }

  private @Nullable TenantId tenant(
      Fields f, @Nullable String slug, Map<TenantId, Timeline<Terms>> tenants) {
    String id = f.textOrNull("tenantId");
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
    TenantId tenant = names.declare(id, slug);
    try {
      tenants.put(tenant, Timeline.of(terms, Terms::effectiveFrom));
    } catch (IllegalArgumentException e) {
      f.wrong("terms", Objects.requireNonNull(e.getMessage()));
    }
    return tenant;
  }

  private static GrantShare share(Fields f, TenantId tenant) {
    var share =
        new GrantShare(
            f.text("id"),
            tenant,
            f.text("model"),
            f.positive("gpus"),
            f.percent("customerSharePct", HUNDRED),
            term(f));
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
    Term term = evidence == null ? null : term(evidence);
    if (evidence != null) {
      evidence.end();
    }
    return new Taxation(f.oneOf("taxType", TaxType.TAXED), term, f.flag("pricesIncludeVat"));
  }

  private static Term term(Fields f) {
    Instant from = f.has("from") ? f.start("from") : Instant.EPOCH;
    Instant until = f.limit("until");
    try {
      return new Term(from, until);
    } catch (IllegalArgumentException e) {
      f.wrong("until", "must lie after from");
      return new Term(from, null);
    }
  }

  private @Nullable ContractPrice contract(Fields f) {
    Tiers tiers = tiers(f);
    Term term = term(f);
    String item = f.textOrNull("item");
    String sku = f.textOrNull("sku");
    String id = f.text("id");
    PriceUnit unit = f.oneOf("unit", PriceUnit.GPU_HOUR);
    Rational price = tiers == null ? f.positive("priceKrw") : first(f, tiers, "priceKrw");
    f.end();
    if ((item == null) == (sku == null)) {
      f.wrong("sku", "must be given, or item, and not both");
      return null;
    }
    return new ContractPrice(id, item, sku, unit, price, tiers, term.from(), term.until());
  }

  private UsageCommitment usageCommitment(Fields f) {
    UsageCommitment.Kind kind = f.oneOf("kind", UsageCommitment.Kind.HOURLY);
    boolean hourly = kind == UsageCommitment.Kind.HOURLY;
    var commitment =
        new UsageCommitment(
            f.text("id"),
            f.text("sku"),
            kind,
            f.positive(hourly ? "units" : "hoursPerMonth"),
            f.amount("priceKrw"),
            f.amountOrNull("overagePriceKrw"),
            term(f));
    f.end();
    return commitment;
  }

  private SpendCommitment spendCommitment(Fields f) {
    var commitment = new SpendCommitment(f.text("id"), f.won("amountKrwPerMonth"), term(f));
    f.end();
    return commitment;
  }

  private MonthlyFee fee(Fields f) {
    String id = f.text("id");
    var fee =
        new MonthlyFee(
            id,
            Objects.requireNonNullElse(f.textOrNull("name"), id),
            f.won("amountKrwPerMonth"),
            term(f));
    f.end();
    return fee;
  }

  private AccountCredit credit(Fields f) {
    String id = f.text("id");
    Rational left = f.amount("amountKrw");
    for (Fields burn : f.list("burns")) {
      boolean earlier = burn.month("month").start().isBefore(month.start());
      Rational amount = burn.amount("amount");
      left = earlier ? left.subtract(amount) : left;
      burn.end();
    }
    String tenant = f.textOrNull("tenantId");
    String slug = f.textOrNull("tenant");
    UUID key = names.id("credit", id);
    Instant from = f.has("validFrom") ? f.start("validFrom") : Instant.EPOCH;
    Instant expires = f.limit("expiresAt");
    Instant granted = f.startOrNull("grantedAt");
    var grant =
        new CreditGrant(
            key,
            Objects.requireNonNullElse(f.textOrNull("name"), id),
            f.integer("priority", 0),
            from,
            expires,
            granted == null ? from : granted,
            left);
    if (left.signum() < 0) {
      f.wrong("burns", "are more than the credit has");
    }
    f.end();
    return new AccountCredit(
        tenant == null && slug == null ? null : names.tenant(tenant, slug), grant);
  }

  private PrepaidCredit prepaid(Fields f) {
    Instant from = f.has("validFrom") ? f.start("validFrom") : Instant.EPOCH;
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
            f.text("id"),
            f.integer("priority", 0),
            from,
            f.limit("expiresAt"),
            paid == null ? from : paid,
            left);
    f.end();
    return prepaid;
  }

  private Corrected corrected(Fields f) {
    List<ClosedMonth> closed =
        f.list("closedMonths").stream()
            .map(
                c -> {
                  var month = new ClosedMonth(c.month("month"), c.start("closedAt"));
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
    List<SlaCredit> sla =
        f.list("slaCredits").stream().map(this::slaCredit).filter(Objects::nonNull).toList();
    return new Corrected(closed, policy, sla);
  }

  private @Nullable SlaCredit slaCredit(Fields f) {
    String id = f.text("id");
    BillingMonth month = f.month("month");
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
    return new SlaCredit(id, month, share, amount, sku, granted);
  }
}
