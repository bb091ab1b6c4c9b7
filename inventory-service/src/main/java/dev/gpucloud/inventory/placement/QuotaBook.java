package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.quota.QuotaLimit;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Quota of one model, locked for a batch: usage counts at a tenant and at every ancestor, in
 * slices. Without a published limit a tenant has none to use and a group has no limit of its own.
 */
final class QuotaBook {
  static final QuotaBook EMPTY = new QuotaBook("", Map.of());
  private static final String LINEAGE =
      """
      with recursive up as (
        select t.tenant_id as of, t.tenant_id, t.parent_id, t.fact->>'kind' as kind, 1 as depth
        from tenant_ref t where t.tenant_id = any($1)
        union all
        select up.of, p.tenant_id, p.parent_id, p.fact->>'kind', up.depth + 1
        from up join tenant_ref p on p.tenant_id = up.parent_id where up.depth < 16
      )
      select of, tenant_id, kind from up order by of, depth""";
  private static final String OPEN =
      """
      insert into quota_usage (tenant_id, model_id)
      select t, $2 from unnest($1::uuid[]) t order by t on conflict do nothing""";
  private static final String LOCK =
      """
      select u.tenant_id, u.used_slices, l.tenant_id is not null as published, l.limit_gpus
      from quota_usage u
      left join quota_limit l on l.tenant_id = u.tenant_id and l.model_id = u.model_id
      where u.model_id = $2 and u.tenant_id = any($1)
      order by u.tenant_id for update of u""";
  private static final String STORE =
      """
      update quota_usage q set used_slices = u.used
      from unnest($1::uuid[], $3::bigint[]) u(tenant_id, used)
      where q.tenant_id = u.tenant_id and q.model_id = $2""";

  private final String model;
  private final Map<UUID, List<UUID>> lineages;
  private final Map<UUID, Line> lines = new HashMap<>();

  private QuotaBook(String model, Map<UUID, List<UUID>> lineages) {
    this.model = model;
    this.lineages = lineages;
  }

  private static final class Line {
    final long limit;
    final long before;
    long used;

    Line(long limit, long used) {
      this.limit = limit;
      this.before = used;
      this.used = used;
    }
  }

  /**
   * Locks the rows of the tenants asked for with their ancestors, and of those that get something
   * back.
   */
  static Uni<QuotaBook> lock(
      SqlConnection c, String model, Set<UUID> tenants, Collection<UUID> credited) {
    if (tenants.isEmpty() && credited.isEmpty()) {
      return Uni.createFrom().item(EMPTY);
    }
    return c.preparedQuery(LINEAGE)
        .execute(Tuple.tuple().addArrayOfUUID(tenants.toArray(UUID[]::new)))
        .chain(
            rows -> {
              Map<UUID, List<UUID>> lineages = new HashMap<>();
              Map<UUID, String> kinds = new HashMap<>();
              for (Row row : rows) {
                UUID tenant = row.getUUID("tenant_id");
                lineages.computeIfAbsent(row.getUUID("of"), of -> new ArrayList<>()).add(tenant);
                kinds.put(tenant, row.getString("kind"));
              }
              TreeSet<UUID> all = new TreeSet<>(kinds.keySet());
              all.addAll(credited);
              return new QuotaBook(model, lineages).open(c, all.toArray(UUID[]::new), kinds);
            });
  }

  private Uni<QuotaBook> open(SqlConnection c, UUID[] tenants, Map<UUID, String> kinds) {
    Tuple ids = Tuple.tuple().addArrayOfUUID(tenants).addString(model);
    return c.preparedQuery(OPEN)
        .execute(ids)
        .chain(() -> c.preparedQuery(LOCK).execute(ids))
        .map(rows -> read(rows, kinds));
  }

  private QuotaBook read(RowSet<Row> rows, Map<UUID, String> kinds) {
    for (Row row : rows) {
      UUID tenant = row.getUUID("tenant_id");
      long limit =
          QuotaLimit.slices(
              row.getBoolean("published"),
              row.getInteger("limit_gpus"),
              "GROUP".equals(kinds.get(tenant)));
      lines.put(tenant, new Line(limit, row.getLong("used_slices")));
    }
    return this;
  }

  /** The tenant and its ancestors, nearest first. */
  List<UUID> lineage(UUID tenant) {
    return lineages.getOrDefault(tenant, List.of(tenant));
  }

  /** Counts slices at every tenant of the lineage, or says which limit does not allow it. */
  Optional<Outcome.OverQuota> charge(List<UUID> lineage, int slices) {
    for (UUID tenant : lineage) {
      Line line = lines.get(tenant);
      if (line == null || line.used + slices > line.limit) {
        long limit = line == null ? 0 : line.limit;
        long used = line == null ? 0 : line.used;
        boolean ofAncestor = !tenant.equals(lineage.getFirst());
        return Optional.of(new Outcome.OverQuota(limit, used, slices, ofAncestor));
      }
    }
    lineage.forEach(tenant -> lines.get(tenant).used += slices);
    return Optional.empty();
  }

  void credit(List<UUID> lineage, int slices) {
    lineage.forEach(tenant -> lines.get(tenant).used -= slices);
  }

  Uni<Void> store(SqlConnection c) {
    List<Map.Entry<UUID, Line>> changed =
        lines.entrySet().stream().filter(e -> e.getValue().used != e.getValue().before).toList();
    if (changed.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    UUID[] tenants = changed.stream().map(Map.Entry::getKey).toArray(UUID[]::new);
    Long[] used = changed.stream().map(e -> e.getValue().used).toArray(Long[]::new);
    return c.preparedQuery(STORE)
        .execute(Tuple.tuple().addArrayOfUUID(tenants).addString(model).addArrayOfLong(used))
        .replaceWithVoid();
  }
}
