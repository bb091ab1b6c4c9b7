package dev.gpucloud.billing.price;

import dev.gpucloud.billing.price.PriceRepository.NewDiscount;
import dev.gpucloud.billing.price.PriceRepository.NewPrice;
import dev.gpucloud.billing.price.PriceRepository.StoredPrice;
import dev.gpucloud.billing.rating.engine.Discount;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.PriceFact;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Imports a price book whole or not at all. A price that differs from the one in force becomes a
 * new version and is published; the same book again changes nothing.
 */
@ApplicationScoped
class PriceImportService {
  private final Transactions transactions;
  private final PriceRepository prices;
  private final Outbox outbox;
  private final InstantSource clock;

  PriceImportService(
      Transactions transactions,
      PriceRepository prices,
      Outbox outbox,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.prices = prices;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** What an import came to. */
  @Schema(name = "PriceImport")
  record ImportView(
      int skus,
      int pricesCreated,
      int pricesUnchanged,
      int discountsCreated,
      int discountsUnchanged,
      boolean operatorChanged) {}

  private record Plan(
      List<NewPrice> prices,
      List<NewDiscount> discounts,
      Optional<Integer> operatorVersion,
      ImportView view) {}

  Uni<ImportView> importSheet(PriceSheet sheet, String by) {
    return transactions.asPlatform(
        s ->
            prices
                .lock(s)
                .chain(() -> plan(s, sheet, by))
                .chain(plan -> carryOut(s, sheet, plan, by).replaceWith(plan.view())));
  }

  private Uni<Plan> plan(Mutiny.Session s, PriceSheet sheet, String by) {
    return prices
        .all(s)
        .chain(
            known ->
                prices
                    .discounts(s)
                    .chain(
                        discounts ->
                            prices
                                .operator(s)
                                .chain(
                                    operator ->
                                        prices
                                            .newestInvoicedMonth(s)
                                            .map(
                                                month ->
                                                    new Known(known, discounts, operator, month)
                                                        .plan(sheet, by)))));
  }

  /** What is stored before the import. */
  private record Known(
      List<StoredPrice> prices,
      List<Discount> discounts,
      Optional<PriceRepository.Operator> operator,
      Optional<String> newestInvoicedMonth) {

    Plan plan(PriceSheet sheet, String by) {
      var errors = new ArrayList<FieldError>();
      List<NewPrice> newPrices = newPrices(sheet, by, errors);
      List<NewDiscount> newDiscounts = newDiscounts(sheet, by, errors);
      if (!errors.isEmpty()) {
        throw PriceSheetReader.invalid(errors.stream().distinct().toList());
      }
      Optional<Integer> operatorVersion = newOperatorVersion(sheet);
      return new Plan(
          newPrices,
          newDiscounts,
          operatorVersion,
          new ImportView(
              sheet.prices().size(),
              newPrices.size(),
              sheet.prices().size() - newPrices.size(),
              newDiscounts.size(),
              sheet.discounts().size() - newDiscounts.size(),
              operatorVersion.isPresent()));
    }

    private List<NewPrice> newPrices(PriceSheet sheet, String by, List<FieldError> errors) {
      Map<String, List<StoredPrice>> bySku =
          prices.stream().collect(Collectors.groupingBy(p -> p.price().sku()));
      var created = new ArrayList<NewPrice>();
      for (PriceSheet.Price p : sheet.prices()) {
        List<StoredPrice> versions = bySku.getOrDefault(p.sku(), List.of());
        StoredPrice inForce =
            Timeline.of(versions, v -> v.price().effectiveFrom()).findAt(sheet.effectiveFrom());
        if (inForce != null && samePrice(inForce, p)) {
          continue;
        }
        if (inForce != null && inForce.price().effectiveFrom().equals(sheet.effectiveFrom())) {
          errors.add(
              new FieldError(
                  p.pointer(),
                  "differs from version "
                      + inForce.price().version()
                      + " of the same date; a price version never changes: give the new price an effectiveFrom of its own"));
          continue;
        }
        if (inForce != null) {
          refuseInInvoicedMonth(sheet, errors);
        }
        int next = versions.stream().mapToInt(StoredPrice::number).max().orElse(0) + 1;
        created.add(newPrice(p, next, sheet.effectiveFrom(), by));
      }
      return created;
    }

    private static boolean samePrice(StoredPrice stored, PriceSheet.Price p) {
      return stored.price().listPriceKrwPerHour().equals(Rational.of(p.listPriceKrw()))
          && Objects.equals(stored.price().tiers(), p.tiers())
          && stored.price().classPct().equals(Rational.of(p.classPct()));
    }

    private static NewPrice newPrice(PriceSheet.Price p, int version, Instant from, String by) {
      return new NewPrice(
          p.sku(),
          version,
          p.item(),
          p.gpuModel(),
          p.instanceType(),
          p.migProfile(),
          p.region(),
          p.purchaseClass(),
          p.unit().name(),
          p.listPriceKrw(),
          PriceTiers.of(p.tiers()),
          p.classPct(),
          from,
          by);
    }

    private List<NewDiscount> newDiscounts(PriceSheet sheet, String by, List<FieldError> errors) {
      var created = new ArrayList<NewDiscount>();
      for (PriceSheet.DiscountPct d : sheet.discounts()) {
        List<Discount> versions =
            discounts.stream()
                .filter(k -> k.scope() == d.scope() && k.name().equals(d.name()))
                .toList();
        Discount inForce =
            Timeline.of(versions, Discount::effectiveFrom).findAt(sheet.effectiveFrom());
        if (inForce != null && inForce.pct().equals(Rational.of(d.pct()))) {
          continue;
        }
        if (inForce != null && inForce.effectiveFrom().equals(sheet.effectiveFrom())) {
          errors.add(
              new FieldError(
                  d.pointer(),
                  "differs from the discount of the same date; give the new one an effectiveFrom of its own"));
          continue;
        }
        refuseInInvoicedMonth(sheet, errors);
        created.add(
            new NewDiscount(d.scope().name(), d.name(), d.pct(), sheet.effectiveFrom(), by));
      }
      return created;
    }

    /** What had a price or could have a discount then may be on an invoice already. */
    private void refuseInInvoicedMonth(PriceSheet sheet, List<FieldError> errors) {
      newestInvoicedMonth
          .map(BillingMonth::parse)
          .filter(month -> sheet.effectiveFrom().isBefore(month.end()))
          .ifPresent(
              month ->
                  errors.add(
                      new FieldError(
                          "/priceBook/effectiveFrom",
                          "lies before the end of "
                              + month
                              + ", which has invoices; charge the difference by a correction, or"
                              + " let the price begin at "
                              + month.end())));
    }

    private Optional<Integer> newOperatorVersion(PriceSheet sheet) {
      PriceSheet.Operator o = sheet.operator();
      if (o == null) {
        return Optional.empty();
      }
      int next = operator.map(PriceRepository.Operator::version).orElse(0) + 1;
      var asStored =
          new PriceRepository.Operator(
              next - 1,
              o.name(),
              o.businessNumber(),
              o.ceo(),
              o.address(),
              o.businessType(),
              o.businessItem());
      return operator.filter(asStored::equals).isPresent() ? Optional.empty() : Optional.of(next);
    }
  }

  private Uni<Void> carryOut(Mutiny.Session s, PriceSheet sheet, Plan plan, String by) {
    return prices
        .insertPrices(s, plan.prices())
        .chain(() -> prices.insertDiscounts(s, plan.discounts()))
        .chain(
            () ->
                plan.operatorVersion().isEmpty() || sheet.operator() == null
                    ? Uni.createFrom().voidItem()
                    : prices.insertOperator(s, plan.operatorVersion().get(), sheet.operator(), by))
        .chain(
            () ->
                outbox.append(
                    s, plan.prices().stream().map(this::published).toArray(OutboxEvent[]::new)));
  }

  private OutboxEvent published(NewPrice p) {
    var fact =
        new PriceFact(
            p.sku(),
            p.instanceType(),
            p.gpuModel(),
            p.migProfile(),
            p.region(),
            p.purchaseClass(),
            p.unit(),
            priceKrw(p.listPriceKrw(), p.classPct()),
            p.effectiveFrom(),
            "v" + p.version());
    return new OutboxEvent(
        Ids.next(),
        Topics.PRICES,
        p.sku(),
        EventTypes.PRICE_PUBLISHED,
        p.sku(),
        null,
        p.version(),
        clock.instant(),
        fact);
  }

  /** List price after the purchase class, as an exact decimal. */
  static String priceKrw(BigDecimal listPrice, BigDecimal classPct) {
    BigDecimal price = listPrice.multiply(classPct).movePointLeft(2).stripTrailingZeros();
    return (price.scale() < 0 ? price.setScale(0) : price).toPlainString();
  }
}
