package dev.gpucloud.inventory.topology;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * A page of a query over alias {@code t}, in the order of its id, with filters that must all hold.
 */
final class TopologyRows<V> {
  private final String select;
  private final Function<Object[], V> view;
  private final List<String> conditions = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  /** The first column of the select is the id. */
  TopologyRows(String select, Function<Object[], V> view) {
    this.select = select;
    this.view = view;
  }

  /** Keeps rows whose column has the value; a null filters nothing. */
  TopologyRows<V> where(String column, @Nullable String value) {
    return compare(column + " =", value);
  }

  private TopologyRows<V> compare(String left, @Nullable String value) {
    if (value != null) {
      values.add(value);
      conditions.add(left + " ?" + values.size());
    }
    return this;
  }

  /** Keeps rows with the label, given as {@code key=value}. */
  TopologyRows<V> label(@Nullable String text) {
    String contained = Labels.filter(text);
    if (contained != null) {
      values.add(contained);
      conditions.add(
          "cast(t.labels as jsonb) @> cast(cast(?%d as text) as jsonb)".formatted(values.size()));
    }
    return this;
  }

  Uni<Page<V>> page(Mutiny.Session s, PageRequest page) {
    compare("t.id >", page.after().get("after"));
    String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    String sql = select + where + " order by t.id limit " + page.limit();
    return Sql.rows(s, sql, values.toArray())
        .map(rows -> page.page(rows, view, row -> Map.of("after", (String) row[0])));
  }

  /** The one row with the id. */
  Uni<V> one(Mutiny.Session s, String kind, String id) {
    where("t.id", id);
    return Sql.rows(s, select + " where " + String.join(" and ", conditions), values.toArray())
        .map(
            rows -> {
              if (rows.isEmpty()) {
                throw ProblemType.NOT_FOUND.because("There is no %s '%s'.".formatted(kind, id));
              }
              return view.apply(rows.getFirst());
            });
  }
}
