package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.rating.engine.Discount;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.rating.engine.PriceVersion;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.billing.statement.engine.AccountTerms;
import dev.gpucloud.billing.statement.engine.PriceBook;
import dev.gpucloud.billing.statement.engine.TierPool;
import dev.gpucloud.cli.rate.Documents.UnreadableException;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A price book as YAML or JSON, in the form {@code gpucloud.prices/v1} that the product exports.
 * The JSON Schema and an example for each model are in {@code docs/rate}.
 */
final class PriceBookFile {
  static final String FORMAT = "gpucloud.prices/v1";
  private static final Rational HUNDRED = Rational.of(100);

  private final Names names;
  private final BillingMonth month;
  private final Once once = new Once();

  private PriceBookFile(Names names, BillingMonth month) {
    this.month = month;
    this.names = names;
  }

  /** The book, what else is said of each account by its id, and what accounts are called. */
  record Read(PriceBook book, Map<String, AccountFields.Read> said, AccountIndex accounts) {
    AccountFields.Read said(String account) {
      return Objects.requireNonNull(said.get(account));
    }
  }

  /** The book as the invoice of a month sees it: balances are less what earlier months took. */
  static Read read(Path file, Names names, BillingMonth month) {
    var violations = new Violations(file.getFileName().toString());
    JsonNode root = MissingNode.getInstance();
    try {
      root = Documents.yaml(Files.readString(file));
      if (!root.isObject()) {
        violations.add("", "must be a price book: an object with prices and accounts");
      }
    } catch (UnreadableException e) {
      violations.add("", "cannot be read as YAML or JSON: " + e.why());
    } catch (CharacterCodingException e) {
      violations.add("", "is not UTF-8 text");
    } catch (IOException e) {
      violations.add("", "cannot be read: " + e.getMessage());
    }
    violations.orThrow();
    Read read = new PriceBookFile(names, month).read(new Fields(root, "", violations));
    violations.orThrow();
    return read;
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
    var index = new AccountIndex(operator == null ? null : operator.textOrNull("businessNumber"));
    List<PriceVersion> prices = root.list("prices").stream().map(this::price).toList();
    List<Discount> discounts = root.list("discounts").stream().map(this::discount).toList();
    List<AccountTerms> accounts = new ArrayList<>();
    Map<String, AccountFields.Read> said = new HashMap<>();
    List<Fields> accountFields = root.list("accounts");
    for (Fields f : accountFields) {
      AccountFields.Read account = new AccountFields(names, month, index).read(f);
      said.put(account.terms().id(), account);
      accounts.add(account.terms());
    }
    if (accounts.isEmpty()) {
      root.wrong("accounts", "must have an account");
    }
    List<TierPool> pools = pools(root.list("tierPools"), index);
    var known = new KnownSkus(prices);
    accountFields.forEach(known::check);
    root.end();
    root.orThrow();
    return new Read(PriceBook.of(RateCard.of(prices, discounts), accounts, pools), said, index);
  }

  private static void fixed(Fields root, String field, String wanted) {
    String value = root.textOrNull(field);
    if (value != null && !value.equals(wanted)) {
      root.wrong(field, "must be " + wanted);
    }
  }

  private PriceVersion price(Fields f) {
    Tiers tiers = TierFields.of(f);
    String sku = f.sku("sku");
    var price =
        new PriceVersion(
            sku,
            f.text("version"),
            f.oneOf("unit", PriceUnit.GPU_HOUR),
            purchaseClass(f, sku),
            tiers == null ? f.positive("listPriceKrw") : TierFields.first(f, tiers, "listPriceKrw"),
            f.percent("classPct", HUNDRED),
            f.start("effectiveFrom"),
            tiers,
            false);
    once.check(f, "effectiveFrom", sku + " from " + price.effectiveFrom());
    once.check(f, "version", "version " + price.version() + " of " + sku);
    f.end();
    return price;
  }

  /** In capitals, as written or as the SKU has it. */
  private static String purchaseClass(Fields f, String sku) {
    String named = f.textOrNull("purchaseClass");
    return named == null
        ? Shape.purchaseClassOf(sku)
        : named.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private Discount discount(Fields f) {
    var discount =
        new Discount(
            f.oneOfGiven("scope", Discount.Scope.SEGMENT),
            f.text("name"),
            f.percent("pct"),
            f.start("effectiveFrom"));
    once.check(
        f,
        "effectiveFrom",
        discount.scope() + " " + discount.name() + " from " + discount.effectiveFrom());
    f.end();
    return discount;
  }

  /** Of the entries of a pool, the last one that has begun by the month; it may be empty. */
  private List<TierPool> pools(List<Fields> entries, AccountIndex index) {
    Map<String, Fields> inForce = new LinkedHashMap<>();
    Map<String, List<String>> members = new LinkedHashMap<>();
    for (Fields f : entries) {
      String id = f.text("id");
      boolean hasBegun =
          !f.has("fromMonth") || !f.month("fromMonth").start().isAfter(month.start());
      List<String> accounts = f.texts("accounts");
      for (String account : accounts) {
        if (!index.isAccount(account)) {
          f.wrong("accounts", "names " + account + ", which is no accountId of this file");
        }
      }
      f.end();
      if (hasBegun) {
        inForce.put(id, f);
        members.put(id, accounts);
      }
    }
    members.forEach(
        (id, accounts) ->
            accounts.forEach(
                account ->
                    once.check(
                        Objects.requireNonNull(inForce.get(id)),
                        "accounts",
                        "tier pool of account " + account)));
    return members.entrySet().stream()
        .map(pool -> new TierPool(pool.getKey(), new HashSet<>(pool.getValue())))
        .toList();
  }
}
