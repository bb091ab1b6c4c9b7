package dev.gpucloud.inventory.catalogue;

import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * A page of entities in the order of one unique text attribute, with filters that must all hold.
 */
public final class KeysetQuery<E> {
  private final Class<E> entity;
  private final String order;
  private final Map<String, Object> filters = new LinkedHashMap<>();
  private @Nullable String labels;

  public KeysetQuery(Class<E> entity, String order) {
    this.entity = entity;
    this.order = order;
  }

  /** Keeps rows whose attribute has the value; a null value filters nothing. */
  public KeysetQuery<E> where(String attribute, @Nullable Object value) {
    if (value != null) {
      filters.put(attribute, value);
    }
    return this;
  }

  /** Keeps rows whose labels contain those of a JSON object; a null filters nothing. */
  public KeysetQuery<E> labels(@Nullable String contained) {
    labels = contained;
    return this;
  }

  public <V> Uni<Page<V>> page(
      Mutiny.Session s, PageRequest page, Function<E, V> view, Function<E, String> position) {
    StringBuilder hql = new StringBuilder("from " + entity.getSimpleName() + " e where 1 = 1");
    filters.keySet().forEach(name -> hql.append(" and e.%1$s = :%1$s".formatted(name)));
    if (labels != null) {
      hql.append(
          " and cast(sql('cast(? as jsonb) @> cast(cast(? as text) as jsonb)', e.labels, :labels)"
              + " as Boolean)");
    }
    String after = page.after().get("after");
    if (after != null) {
      hql.append(" and e.%s > :after".formatted(order));
    }
    Mutiny.SelectionQuery<E> query =
        s.createSelectionQuery(hql.append(" order by e.").append(order).toString(), entity);
    for (Map.Entry<String, Object> filter : filters.entrySet()) {
      query = query.setParameter(filter.getKey(), filter.getValue());
    }
    if (labels != null) {
      query = query.setParameter("labels", labels);
    }
    if (after != null) {
      query = query.setParameter("after", after);
    }
    return query
        .setMaxResults(page.limit())
        .getResultList()
        .map(rows -> page.page(rows, view, row -> Map.of("after", position.apply(row))));
  }
}
