package dev.gpucloud.billing.rating.engine;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.metering.engine.RunFact;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.Scope;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.statement.engine.AccountCredit;
import dev.gpucloud.billing.statement.engine.AccountTerms;
import dev.gpucloud.billing.statement.engine.PriceBook;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementEngine;
import dev.gpucloud.billing.statement.engine.Taxation;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A dated story for tests: runs of one tenant in Seoul time at 4,500 won per H100 GPU-hour. */
public final class Story {
  public static final TenantId TENANT = new TenantId(new UUID(1, 1));
  public static final ProjectId A = new ProjectId(new UUID(2, 1));
  public static final ProjectId B = new ProjectId(new UUID(2, 2));
  public static final String H100 = "h100-sxm-80g.on-demand.kr-seoul";
  public static final Instant LONG_AGO = kst("2020-01-01T00:00");

  private final List<PriceVersion> prices = new ArrayList<>();
  private final List<Discount> discounts = new ArrayList<>();
  private final List<Terms> terms = new ArrayList<>();
  private final List<CreditGrant> grants = new ArrayList<>();
  private final List<RunUsage> runs = new ArrayList<>();
  private int sequence;

  public static Story atListPrice() {
    var story = new Story();
    story.prices.add(price(H100, "v1", 4500, LONG_AGO));
    return story;
  }

  public static Instant kst(String local) {
    return LocalDateTime.parse(local).atZone(BillingMonth.ZONE).toInstant();
  }

  public static PriceVersion price(String sku, String version, long krw, Instant from) {
    return new PriceVersion(
        sku, version, PriceUnit.GPU_HOUR, "ON_DEMAND", Rational.of(krw), Rational.of(100), from);
  }

  public static Shape h100(int gpus) {
    return new Shape(
        "h100." + gpus + "x", "h100-sxm-80g", gpus, null, "kr-pangyo-1", "kr-seoul", "ON_DEMAND");
  }

  public static Scope in(ProjectId project) {
    return new Scope(TENANT, project, project.equals(A) ? "a" : "b", null);
  }

  public Story price(long krw, String version, Instant from) {
    prices.add(price(H100, version, krw, from));
    return this;
  }

  public Story priced(PriceVersion version) {
    prices.add(version);
    return this;
  }

  public Story discount(Discount.Scope scope, String name, long pct) {
    discounts.add(new Discount(scope, name, Rational.of(pct), LONG_AGO));
    return this;
  }

  public Story terms(Terms t) {
    terms.add(t);
    return this;
  }

  public Story grant(CreditGrant grant) {
    grants.add(grant);
    return this;
  }

  /** A run in project A; {@code end} null = it goes on. */
  public Story run(int gpus, String start, String end) {
    return run(A, h100(gpus), start, end);
  }

  public Story run(ProjectId project, Shape shape, String start, String end) {
    var facts = new ArrayList<RunFact>();
    facts.add(fact(RunFact.Kind.STARTED, start, project, shape));
    if (end != null) {
      facts.add(fact(RunFact.Kind.STOPPED, end, project, shape));
    }
    return run(facts);
  }

  public Story run(List<RunFact> facts) {
    int n = runs.size() + 1;
    runs.add(
        RunUsage.tile(new RunId(new UUID(3, n)), new InstanceId(new UUID(4, n)), "vm-" + n, facts)
            .orElseThrow());
    return this;
  }

  public RunFact fact(RunFact.Kind kind, String at, ProjectId project, Shape shape) {
    return new RunFact(++sequence, kind, kst(at), in(project), shape);
  }

  public RateCard card() {
    return RateCard.of(prices, discounts);
  }

  public List<RunUsage> runs() {
    return runs;
  }

  public Rating rate(String month) {
    return rate(runs, month);
  }

  public Rating rate(List<RunUsage> these, String month) {
    BillingMonth m = BillingMonth.parse(month);
    return new RatingEngine(
            RateCard.of(prices, discounts), Timeline.of(terms, Terms::effectiveFrom), Set.of())
        .rate(these, m.start(), m.end());
  }

  public Statement invoice(String month) {
    return invoice(month, BillingMode.EXTERNAL);
  }

  public Statement invoice(String month, BillingMode mode) {
    return statement(
        RateCard.of(prices, discounts),
        Timeline.of(terms, Terms::effectiveFrom),
        grants,
        mode,
        runs,
        BillingMonth.parse(month));
  }

  /** What one account of the story's tenant owes for a month. */
  static Statement statement(
      RateCard card,
      Timeline<Terms> terms,
      List<CreditGrant> grants,
      BillingMode mode,
      List<RunUsage> runs,
      BillingMonth month) {
    var account =
        new AccountTerms(
            "account",
            mode,
            Taxation.USUAL,
            Map.of(TENANT, terms),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            grants.stream().map(g -> new AccountCredit(TENANT, g)).toList(),
            List.of());
    return new StatementEngine(PriceBook.of(card, List.of(account), List.of()), runs)
        .state("account", month);
  }
}
