package dev.gpucloud.billing.price;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.billing.rating.engine.Discount;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.rating.engine.PriceVersion;
import dev.gpucloud.billing.rating.engine.RateCard;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of prices, discounts and the operator; all append-only. */
@ApplicationScoped
public class PriceRepository {
  private static final String VERSIONS =
      """
      select sku, version, unit, purchase_class, cast(list_price_krw as text),
             cast(class_pct as text), millis(effective_from), item, gpu_model, instance_type,
             mig_profile, region, cast(tiers as text)
      from price_version
      """;

  private final Rows rows;
  private final ObjectMapper json;

  PriceRepository(Rows rows, ObjectMapper json) {
    this.rows = rows;
    this.json = json;
  }

  /** A stored price version with what its SKU is made of. */
  public record StoredPrice(
      PriceVersion price,
      int number,
      String item,
      String gpuModel,
      @Nullable String instanceType,
      @Nullable String migProfile,
      String region) {}

  /** Serialises imports for the rest of the transaction. */
  Uni<Void> lock(Mutiny.Session s) {
    return Rows.select(s, "select cast(pg_advisory_xact_lock(7402101) as text)").replaceWithVoid();
  }

  /** Every version of every price. */
  public Uni<List<StoredPrice>> all(Mutiny.Session s) {
    return Rows.select(s, VERSIONS + "order by sku, version")
        .map(found -> found.stream().map(this::stored).toList());
  }

  /** The prices in force at an instant, by SKU, after the given one. */
  Uni<List<StoredPrice>> inForce(Mutiny.Session s, Instant at, String afterSku, int limit) {
    return Rows.select(
            s,
            VERSIONS
                + """
                where (sku, effective_from) in (
                  select sku, max(effective_from) from price_version
                  where effective_from <= ?1 and sku > ?2 group by sku)
                order by sku limit ?3""",
            Rows.param(at),
            afterSku,
            limit)
        .map(found -> found.stream().map(this::stored).toList());
  }

  private StoredPrice stored(Row r) {
    int number = (int) r.number(1);
    var price =
        new PriceVersion(
            r.text(0),
            "v" + number,
            PriceUnit.valueOf(r.text(2)),
            r.text(3),
            r.rational(4),
            r.rational(5),
            r.instant(6),
            r.textOrNull(12) == null ? null : tiers(r.text(12)),
            false);
    return new StoredPrice(
        price, number, r.text(7), r.text(8), r.textOrNull(9), r.textOrNull(10), r.text(11));
  }

  private Tiers tiers(String text) {
    try {
      return json.readValue(text, PriceTiers.class).toTiers();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every version of every discount. */
  public Uni<List<Discount>> discounts(Mutiny.Session s) {
    return Rows.select(
            s,
            """
            select scope, name, cast(pct as text), millis(effective_from) from discount_version
            order by scope, name, effective_from""")
        .map(
            found ->
                found.stream()
                    .map(
                        r ->
                            new Discount(
                                Discount.Scope.valueOf(r.text(0)),
                                r.text(1),
                                r.rational(2),
                                r.instant(3)))
                    .toList());
  }

  /** All prices and discounts as the engine wants them. */
  public Uni<RateCard> rateCard(Mutiny.Session s) {
    return all(s)
        .chain(
            prices ->
                discounts(s)
                    .map(d -> RateCard.of(prices.stream().map(StoredPrice::price).toList(), d)));
  }

  /** Who sells, as last imported. */
  public Uni<Optional<Operator>> operator(Mutiny.Session s) {
    return Rows.select(
            s,
            """
            select version, name, business_number, ceo, address, business_type, business_item
            from operator_version order by version desc limit 1""")
        .map(
            found ->
                found.stream()
                    .findFirst()
                    .map(
                        r ->
                            new Operator(
                                (int) r.number(0),
                                r.text(1),
                                r.text(2),
                                r.textOrNull(3),
                                r.textOrNull(4),
                                r.textOrNull(5),
                                r.textOrNull(6))));
  }

  /** The legal entity that sells. */
  public record Operator(
      int version,
      String name,
      String businessNumber,
      @Nullable String ceo,
      @Nullable String address,
      @Nullable String businessType,
      @Nullable String businessItem) {}

  /** End of the newest month that has an invoice: prices before it can no longer change. */
  Uni<Optional<String>> newestInvoicedMonth(Mutiny.Session s) {
    return Rows.select(s, "select max(month) from invoice")
        .map(found -> Optional.ofNullable(found.getFirst().textOrNull(0)));
  }

  /** A row of price_version. */
  record NewPrice(
      String sku,
      int version,
      String item,
      String gpuModel,
      @Nullable String instanceType,
      @Nullable String migProfile,
      String region,
      String purchaseClass,
      String unit,
      BigDecimal listPriceKrw,
      @Nullable PriceTiers tiers,
      BigDecimal classPct,
      Instant effectiveFrom,
      String importedBy) {}

  Uni<Void> insertPrices(Mutiny.Session s, List<NewPrice> prices) {
    return rows.writeAll(
        s,
        """
        insert into price_version
          (sku, version, item, gpu_model, instance_type, mig_profile, region, purchase_class, unit,
           list_price_krw, tiers, class_pct, effective_from, imported_by)
        select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as p (
          sku text, version int, item text, "gpuModel" text, "instanceType" text,
          "migProfile" text, region text, "purchaseClass" text, unit text,
          "listPriceKrw" numeric, tiers jsonb, "classPct" numeric,
          "effectiveFrom" timestamptz, "importedBy" text)""",
        prices);
  }

  /** A row of discount_version. */
  record NewDiscount(
      String scope, String name, BigDecimal pct, Instant effectiveFrom, String importedBy) {}

  Uni<Void> insertDiscounts(Mutiny.Session s, List<NewDiscount> discounts) {
    return rows.writeAll(
        s,
        """
        insert into discount_version (scope, name, pct, effective_from, imported_by)
        select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as d (
          scope text, name text, pct numeric, "effectiveFrom" timestamptz, "importedBy" text)""",
        discounts);
  }

  Uni<Void> insertOperator(
      Mutiny.Session s, int version, PriceSheet.Operator o, String importedBy) {
    return Sql.update(
            s,
            """
            insert into operator_version (version, name, business_number, ceo, address,
                                          business_type, business_item, imported_by)
            values (?1, ?2, ?3, cast(?4 as text), cast(?5 as text), cast(?6 as text),
                    cast(?7 as text), ?8)""",
            version,
            o.name(),
            o.businessNumber(),
            o.ceo(),
            o.address(),
            o.businessType(),
            o.businessItem(),
            importedBy)
        .replaceWithVoid();
  }
}
