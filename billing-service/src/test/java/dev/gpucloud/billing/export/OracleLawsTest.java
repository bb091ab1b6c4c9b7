package dev.gpucloud.billing.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.gpucloud.billing.correction.LateExport.EstimatedEndView;
import dev.gpucloud.billing.correction.LateExport.LateUsageView;
import dev.gpucloud.billing.correction.LateExport.ModeView;
import dev.gpucloud.billing.export.PricesExport.AccountView;
import dev.gpucloud.billing.export.PricesExport.BurnView;
import dev.gpucloud.billing.export.PricesExport.CreditView;
import dev.gpucloud.billing.export.PricesExport.DiscountView;
import dev.gpucloud.billing.export.PricesExport.OperatorView;
import dev.gpucloud.billing.export.PricesExport.PriceView;
import dev.gpucloud.billing.export.PricesExport.PricesView;
import dev.gpucloud.billing.export.PricesExport.TenantView;
import dev.gpucloud.billing.export.PricesExport.TermsView;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.metering.engine.RunFact;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.Scope;
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
import dev.gpucloud.billing.statement.engine.CommitmentUse;
import dev.gpucloud.billing.statement.engine.GrantShare;
import dev.gpucloud.billing.statement.engine.MonthlyFee;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.billing.statement.engine.PriceBook;
import dev.gpucloud.billing.statement.engine.SpendCommitment;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementEngine;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.billing.statement.engine.Taxation;
import dev.gpucloud.billing.statement.engine.Term;
import dev.gpucloud.billing.statement.engine.UsageCommitment;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.verifier.InvoiceOracle;
import dev.gpucloud.verifier.Report;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The engine against the slow oracle, which shares no code with it: random runs, prices, terms and
 * credits, the same invoice to the won and to the fraction of each row.
 */
class OracleLawsTest {
  private static final BillingMonth MONTH = BillingMonth.parse("2026-09");
  private static final Instant FROM = Instant.parse("2026-08-25T00:00:00Z");
  private static final long SPAN_MILLIS = Duration.ofDays(45).toMillis();
  private static final TenantId TENANT = new TenantId(new UUID(1, 1));
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
  private static final List<Shape> SHAPES =
      List.of(
          shape("b200.1x", 1, null, "ON_DEMAND"),
          shape("b200.8x", 8, null, "ON_DEMAND"),
          shape("b200.4x", 4, null, "PREEMPTIBLE"),
          shape("b200.mig-1g", 1, "1g.23gb", "ON_DEMAND"));

  /** Those that found something once stay: two discounts of one size that follow each other. */
  static Stream<Long> seeds() {
    return Stream.concat(Stream.iterate(1L, s -> s + 1).limit(120), Stream.of(1095L));
  }

  private static Shape shape(String type, int gpus, @Nullable String profile, String purchase) {
    return new Shape(type, "b200-sxm-180g", gpus, profile, "kr-ulsan-1", "kr-ulsan", purchase);
  }

  /** What a seed stands for. */
  private static final class World {
    final Random random;
    final BillingMode mode;
    final List<PriceVersion> prices = new ArrayList<>();
    final List<Discount> discounts = new ArrayList<>();
    final List<Terms> terms = new ArrayList<>();
    final List<CreditGrant> grants = new ArrayList<>();
    final List<ContractPrice> contracts = new ArrayList<>();
    final List<UsageCommitment> commitments = new ArrayList<>();
    final List<GrantShare> shares = new ArrayList<>();
    final List<SpendCommitment> floors = new ArrayList<>();
    final List<MonthlyFee> fees = new ArrayList<>();
    final List<Taxation.Agreed> taxations = new ArrayList<>();
    final List<RunUsage> runs = new ArrayList<>();
    final List<EstimatedEndView> estimatedEnds = new ArrayList<>();
    final List<String> events = new ArrayList<>();

    World(long seed) {
      random = new Random(seed);
      mode = BillingMode.values()[random.nextInt(BillingMode.values().length)];
      SHAPES.stream()
          .map(s -> List.of(s.sku(), s.purchaseClass()))
          .distinct()
          .forEach(s -> price(s.getFirst(), s.getLast()));
      discounts.add(discount(Discount.Scope.KIND, "SUBSIDIARY", Instant.EPOCH));
      discounts.add(discount(Discount.Scope.KIND, "SUBSIDIARY", instant()));
      discounts.add(discount(Discount.Scope.SEGMENT, "STARTUP", Instant.EPOCH));
      terms.add(terms(Instant.EPOCH));
      terms.add(terms(instant()));
      for (int i = 0; i < random.nextInt(3); i++) {
        grants.add(grant(i));
      }
      if (random.nextBoolean()) {
        agreements();
      }
      for (int i = 0; i < 14; i++) {
        run(i);
      }
    }

    private void agreements() {
      for (int i = 0; i < random.nextInt(3); i++) {
        contracts.add(contract(i));
        commitments.add(commitment(i));
        shares.add(
            new GrantShare(
                "gaw-" + i,
                TENANT,
                "b200-sxm-180g",
                Rational.of(1 + random.nextInt(9), 1 + random.nextInt(2)),
                Rational.of(random.nextInt(101)),
                term()));
      }
      floors(new Won(random.nextLong(1L << 34)), term());
      TaxType type = TaxType.values()[random.nextInt(TaxType.values().length)];
      Term taxed = term();
      taxations.add(new Taxation.Agreed("tax", null, type, taxed));
      TaxType other = TaxType.values()[(type.ordinal() + 1) % TaxType.values().length];
      taxations.add(new Taxation.Agreed("tax-sku", SHAPES.getFirst().sku(), other, taxed));
      fees.add(new MonthlyFee("fee", "Support", new Won(random.nextInt(1 << 30)), term()));
    }

    /** A floor, and where it ends another term of the same id. */
    private void floors(Won amount, Term first) {
      floors.add(new SpendCommitment("floor", amount, first));
      if (first.until() != null) {
        Term next = new Term(first.until(), null);
        floors.add(new SpendCommitment("floor", amount.plus(new Won(7)), next));
      }
    }

    private ContractPrice contract(int i) {
      Term term = term();
      boolean ofItem = random.nextBoolean();
      Rational price = Rational.of(1 + random.nextInt(9_000), 1 + random.nextInt(3));
      return new ContractPrice(
          "contract-" + i,
          ofItem ? "b200-sxm-180g" : null,
          ofItem ? null : SHAPES.get(random.nextInt(3)).sku(),
          PriceUnit.GPU_HOUR,
          price,
          random.nextBoolean() ? null : tiers(price),
          term.from(),
          term.until());
    }

    private Tiers tiers(Rational first) {
      return new Tiers(
          random.nextBoolean() ? Tiers.Mode.GRADUATED : Tiers.Mode.VOLUME,
          List.of(
              new Band(Rational.of(1 + random.nextInt(2_000)), first),
              new Band(Rational.of(2_000 + random.nextInt(1_000)), Rational.of(777)),
              new Band(null, Rational.of(random.nextInt(5_000), 3))));
    }

    private UsageCommitment commitment(int i) {
      boolean hourly = random.nextBoolean();
      return new UsageCommitment(
          "commitment-" + i,
          SHAPES.get(random.nextInt(SHAPES.size())).sku(),
          hourly ? UsageCommitment.Kind.HOURLY : UsageCommitment.Kind.POOLED,
          Rational.of(1 + random.nextInt(hourly ? 20 : 5_000)),
          Rational.of(random.nextInt(3_000)),
          random.nextBoolean() ? null : Rational.of(random.nextInt(9_000), 7),
          term());
    }

    private Term term() {
      Instant from = random.nextBoolean() ? Instant.EPOCH : instant();
      Instant until = random.nextBoolean() ? null : instant();
      return new Term(from, until == null || until.isAfter(from) ? until : null);
    }

    Instant instant() {
      return FROM.plusMillis(random.nextLong(SPAN_MILLIS));
    }

    private void price(String sku, String purchaseClass) {
      boolean isByInstance = sku.contains("mig") || random.nextInt(4) == 0;
      PriceUnit unit = isByInstance ? PriceUnit.INSTANCE_HOUR : PriceUnit.GPU_HOUR;
      Rational pct = Rational.of(purchaseClass.equals("PREEMPTIBLE") ? 40 : 100);
      for (int v = 1; v <= 3; v++) {
        BigDecimal list = BigDecimal.valueOf(1 + random.nextInt(10_000_000), random.nextInt(4));
        Instant from = v == 1 ? Instant.EPOCH : instant();
        prices.add(
            new PriceVersion(sku, "v" + v, unit, purchaseClass, Rational.of(list), pct, from));
      }
    }

    private Discount discount(Discount.Scope scope, String name, Instant from) {
      return new Discount(scope, name, Rational.of(random.nextInt(50)), from);
    }

    private Terms terms(Instant from) {
      boolean shares = random.nextInt(3) == 0;
      return new Terms(
          from,
          random.nextBoolean() ? "SUBSIDIARY" : "EXTERNAL",
          random.nextBoolean() ? "STARTUP" : null,
          shares ? Rational.of(random.nextInt(101)) : null,
          shares && random.nextBoolean() ? instant() : null);
    }

    private CreditGrant grant(int i) {
      return new CreditGrant(
          new UUID(9, i),
          "grant-" + i,
          random.nextInt(2),
          random.nextBoolean() ? Instant.EPOCH : instant(),
          random.nextBoolean() ? null : instant(),
          instant(),
          Rational.of(1 + random.nextInt(300_000_000)));
    }

    private void run(int i) {
      var facts = new ArrayList<RunFact>();
      Shape shape = SHAPES.get(random.nextInt(SHAPES.size()));
      Instant at = instant();
      facts.add(fact(facts, RunFact.Kind.STARTED, at, shape));
      for (int m = 0; m < random.nextInt(3); m++) {
        at = at.plusMillis(random.nextLong(SPAN_MILLIS / 8));
        facts.add(fact(facts, RunFact.Kind.MOVED, at, shape));
      }
      if (random.nextInt(5) > 0) {
        long length =
            switch (random.nextInt(4)) {
              case 0 -> 0;
              case 1 -> random.nextLong(90_000);
              default -> random.nextLong(SPAN_MILLIS);
            };
        facts.add(fact(facts, RunFact.Kind.STOPPED, at.plusMillis(length), shape));
      }
      var run = new RunId(new UUID(3, i));
      var instance = new InstanceId(new UUID(4, i));
      RunUsage usage = RunUsage.tile(run, instance, "vm-" + i, facts).orElseThrow();
      if (usage.end() == null && random.nextBoolean()) {
        usage = withoutProof(usage);
      }
      runs.add(usage);
      facts.forEach(f -> events.add(event(run, instance, f)));
    }

    /** A run that was not seen alive through the end of the month. */
    private RunUsage withoutProof(RunUsage open) {
      Instant through = open.start().plusMillis(random.nextLong(SPAN_MILLIS));
      if (!through.isBefore(MONTH.end())) {
        return open;
      }
      estimatedEnds.add(new EstimatedEndView(MONTH.toString(), open.runId(), through));
      return open.lostAfter(through);
    }

    private RunFact fact(List<RunFact> before, RunFact.Kind kind, Instant at, Shape shape) {
      int project = 1 + random.nextInt(3);
      var scope = new Scope(TENANT, new ProjectId(new UUID(2, project)), "p" + project, null);
      return new RunFact(before.size() + 1, kind, at, scope, shape);
    }

    private static String event(RunId run, InstanceId instance, RunFact f) {
      ObjectNode event = JSON.createObjectNode();
      event.put("specversion", "1.0").put("id", run + "/" + f.sequence());
      event.put("type", "instance." + f.kind().name().toLowerCase(Locale.ROOT));
      event.put("sequence", Long.toString(f.sequence()));
      ObjectNode data = event.putObject("data");
      data.put("instanceId", instance.toString()).put("runId", run.toString());
      data.put("tenantId", f.scope().tenantId().toString());
      data.put("projectId", f.scope().projectId().toString());
      data.put("projectSlug", f.scope().projectSlug());
      data.put("instanceType", f.shape().instanceType()).put("gpuModel", f.shape().gpuModel());
      data.put("gpus", f.shape().gpus()).put("migProfile", f.shape().migProfile());
      data.put("site", f.shape().site()).put("region", f.shape().region());
      data.put("purchaseClass", f.shape().purchaseClass()).put("at", f.at().toString());
      return event.toString();
    }

    Statement invoice() {
      var account =
          new AccountTerms(
              "acc",
              mode,
              Taxation.of(taxations),
              Map.of(TENANT, Timeline.of(terms, Terms::effectiveFrom)),
              contracts,
              commitments,
              shares,
              floors,
              fees,
              grants.stream().map(g -> new AccountCredit(TENANT, g)).toList(),
              List.of());
      var book = PriceBook.of(RateCard.of(prices, discounts), List.of(account), List.of());
      return new StatementEngine(book, runs).state("acc", MONTH);
    }

    String pricesJson() throws JsonProcessingException {
      var credits =
          grants.stream()
              .map(
                  g ->
                      new CreditView(
                          g.id().toString(),
                          TENANT,
                          g.name(),
                          g.priority(),
                          g.balance().toString(),
                          g.validFrom(),
                          g.expiresAt(),
                          g.grantedAt(),
                          List.of(new BurnView(MONTH.toString(), "1"))))
              .toList();
      var tenant =
          new TenantView(TENANT, "t", terms.stream().map(TermsView::of).toList(), sharesOf());
      return JSON.writeValueAsString(
          new PricesView(
              "gpucloud.prices/v1",
              "KRW",
              "Asia/Seoul",
              "v1",
              10,
              new OperatorView("Operator", "000-00-00072"),
              prices.stream().map(World::view).toList(),
              discounts.stream().map(DiscountView::of).toList(),
              List.of(
                  new AccountView(
                      "acc",
                      "000-00-00015",
                      "A",
                      BillingMode.values()[(mode.ordinal() + 1) % BillingMode.values().length]
                          .name(),
                      List.of(new ModeView(MONTH.toString(), mode.name())),
                      taxations.stream().map(AgreedViews.TaxationView::of).toList(),
                      List.of(tenant),
                      credits,
                      contracts.stream().map(AgreedViews.ContractView::of).toList(),
                      commitments.stream().map(AgreedViews.UsageCommitmentView::of).toList(),
                      floors.stream().map(AgreedViews.FloorView::of).toList(),
                      fees.stream().map(AgreedViews.FeeView::of).toList(),
                      List.of(),
                      List.of(),
                      new LateUsageView("NEXT_INVOICE", "0"),
                      List.of(),
                      estimatedEnds,
                      List.of())),
              List.of()));
    }

    private List<PricesExport.GrantShareView> sharesOf() {
      return shares.stream().map(PricesExport.GrantShareView::of).toList();
    }

    private static PriceView view(PriceVersion p) {
      return new PriceView(
          p.sku(),
          p.version(),
          p.unit().name(),
          p.purchaseClass(),
          p.listPriceKrwPerHour().toString(),
          p.tiers() == null ? null : AgreedViews.TiersView.of(p.tiers()),
          p.classPct().toString(),
          p.effectiveFrom());
    }

    String eventsNdjson() {
      var twice = new ArrayList<>(events);
      twice.addAll(events.subList(0, events.size() / 2));
      Collections.shuffle(twice, random);
      return String.join("\n", twice) + "\n";
    }
  }

  private static ObjectNode json(Statement invoice) {
    ObjectNode json = JSON.createObjectNode().put("month", MONTH.toString());
    json.putObject("account").put("id", "acc");
    won(json, "supplyValue", invoice.supplyValue().amount());
    won(json, "vat", invoice.vat().amount());
    won(json, "total", invoice.total().amount());
    ArrayNode lines = json.putArray("lines");
    for (StatementLine l : invoice.lines()) {
      ObjectNode line = lines.addObject().put("lineNumber", l.number());
      if (l.key().project() != null) {
        line.putObject("project").put("id", l.key().project().toString());
      }
      line.put("category", l.key().category().name()).put("taxType", l.key().taxType().name());
      line.put("roundingFraction", l.rounding().toString());
      won(line, "supply", l.supply().amount());
      won(line, "vat", l.vat().amount());
      line.put("sku", l.key().item()).put("priceVersion", l.key().version());
      line.put("exactFraction", l.exact().toString());
      won(line, "amount", l.amount().amount());
      ArrayNode details = line.putArray("details");
      for (Part r : l.parts()) {
        details
            .addObject()
            .put("runId", r.row().runId().toString())
            .put("start", r.row().start().toString())
            .put("billedSeconds", BigDecimal.valueOf(r.row().billedMillis(), 3).toPlainString())
            .put("exactFraction", r.netAmount().toString())
            .put("category", r.category().name())
            .put("shareFraction", r.share().toString())
            .put("coveredBy", r.coveredBy())
            .put("end", r.row().end().toString())
            .put("priceVersion", r.priceVersion())
            .put("basePrice", r.basePrice().toDecimal12())
            .put("unitPrice", r.unitPriceKrwPerHour().toDecimal12())
            .put("ratedAmount", r.amount().toDecimal12());
      }
    }
    ArrayNode commitments = json.putArray("commitments");
    for (CommitmentUse use : invoice.commitments()) {
      commitments
          .addObject()
          .put("id", use.commitment().id())
          .put("committedHours", use.committedHours().toDecimal12())
          .put("usedHours", use.usedHours().toDecimal12())
          .put("fee", use.fee().toDecimal12())
          .put("effective", use.effective().toDecimal12())
          .put("unused", use.unused().toDecimal12());
    }
    return json;
  }

  private static void won(ObjectNode node, String name, long amount) {
    node.putObject(name).put("amount", Long.toString(amount)).put("currency", "KRW");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void oracleComesToTheSameInvoice(long seed) throws Exception {
    var world = new World(seed);
    Statement invoice = world.invoice();
    Report report =
        new InvoiceOracle()
            .verify(world.eventsNdjson(), world.pricesJson(), json(invoice).toString());
    assertThat(report.differences()).isEmpty();
    assertThat(report.expectedTotal()).isEqualTo(Long.toString(invoice.total().amount()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void oracleFindsOneMissingRow(long seed) throws Exception {
    var world = new World(seed);
    ObjectNode json = json(world.invoice());
    List<ArrayNode> all = new ArrayList<>();
    json.get("lines").forEach(line -> all.add((ArrayNode) line.get("details")));
    all.removeIf(ArrayNode::isEmpty);
    ArrayNode details = all.get(world.random.nextInt(all.size()));
    details.remove(world.random.nextInt(details.size()));
    Report report =
        new InvoiceOracle().verify(world.eventsNdjson(), world.pricesJson(), json.toString());
    assertThat(report.differences()).last().asString().endsWith("not on the invoice");
    // parts of one row may be alike but for their price: all that is said is said of that row
    String row = report.differences().getLast().replace(": not on the invoice", "");
    assertThat(report.differences()).allMatch(said -> said.startsWith(row));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void oracleFindsOneAlteredDigit(long seed) throws Exception {
    var world = new World(seed);
    var altered = new StringBuilder(json(world.invoice()).toString());
    int at = world.random.nextInt(altered.length());
    while (!Character.isDigit(altered.charAt(at))) {
      at = (at + 1) % altered.length();
    }
    altered.setCharAt(at, (char) ('0' + (altered.charAt(at) - '0' + 1) % 10));
    assertThat(isRight(world, altered.toString())).as(altered.substring(0, at + 1)).isFalse();
  }

  private static boolean isRight(World world, String invoice) throws JsonProcessingException {
    try {
      return new InvoiceOracle()
          .verify(world.eventsNdjson(), world.pricesJson(), invoice)
          .matches();
    } catch (IllegalArgumentException unreadable) {
      return false;
    }
  }
}
