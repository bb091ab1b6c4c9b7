package dev.gpucloud.billing.price;

import dev.gpucloud.billing.rating.engine.Discount;
import dev.gpucloud.billing.rating.engine.PriceVersion;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.contracts.money.Rational;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The list prices as they would be had a draft price sheet always been in force. */
final class PriceDryRun {
  private PriceDryRun() {}

  static RateCard card(
      List<PriceRepository.StoredPrice> known, List<Discount> discounts, PriceSheet sheet) {
    Set<String> stated =
        sheet.prices().stream().map(PriceSheet.Price::sku).collect(Collectors.toSet());
    var prices = new ArrayList<PriceVersion>();
    known.stream()
        .map(PriceRepository.StoredPrice::price)
        .filter(p -> !stated.contains(p.sku()))
        .forEach(prices::add);
    sheet.prices().forEach(p -> prices.add(p.version("draft", Instant.EPOCH)));
    var names =
        sheet.discounts().stream().map(d -> d.scope() + " " + d.name()).collect(Collectors.toSet());
    var all = new ArrayList<Discount>();
    discounts.stream().filter(d -> !names.contains(d.scope() + " " + d.name())).forEach(all::add);
    sheet
        .discounts()
        .forEach(
            d -> all.add(new Discount(d.scope(), d.name(), Rational.of(d.pct()), Instant.EPOCH)));
    return RateCard.of(prices, all);
  }
}
