package dev.gpucloud.inventory.offers;

import dev.gpucloud.inventory.instance.OfferedShape;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The on-demand list prices that hold now. */
@ApplicationScoped
class Prices {
  private static final String NOW =
      """
      select distinct on (sku) sku, instance_type, model_id, unit, price_krw::text as price_krw,
        version, effective_from
      from price where purchase_class = 'ON_DEMAND' and effective_from <= $1
      order by sku, effective_from desc""";

  private final Transactions transactions;
  private final InstantSource business;

  Prices(Transactions transactions, @Business InstantSource business) {
    this.transactions = transactions;
    this.business = business;
  }

  /** Prices by instance type and by GPU model: a type's own price goes before its model's. */
  record PriceList(
      Map<String, InstanceTypeView.Price> byType, Map<String, InstanceTypeView.Price> byModel) {
    Optional<InstanceTypeView.Price> of(OfferedShape type) {
      InstanceTypeView.Price own = byType.get(type.id());
      boolean whole = type.migProfile() == null;
      return Optional.ofNullable(own != null || !whole ? own : byModel.get(type.model()));
    }
  }

  Uni<PriceList> current() {
    return transactions.systemSql(
        c ->
            c.preparedQuery(NOW)
                .execute(Tuple.of(business.instant().atOffset(ZoneOffset.UTC)))
                .map(
                    rows -> {
                      PriceList prices = new PriceList(new HashMap<>(), new HashMap<>());
                      rows.forEach(row -> add(prices, row));
                      return prices;
                    }));
  }

  private static void add(PriceList prices, Row row) {
    InstanceTypeView.Price price =
        new InstanceTypeView.Price(
            row.getString("price_krw"),
            "KRW",
            row.getString("unit"),
            row.getString("sku"),
            row.getString("version"),
            row.getOffsetDateTime("effective_from").toInstant());
    String type = row.getString("instance_type");
    String model = row.getString("model_id");
    if (type != null) {
      prices.byType().put(type, price);
    } else if (model != null) {
      prices.byModel().put(model, price);
    }
  }
}
