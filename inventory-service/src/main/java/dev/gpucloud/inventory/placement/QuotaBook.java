package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.quota.engine.Excess;
import dev.gpucloud.inventory.quota.engine.QuotaLimit;
import dev.gpucloud.inventory.quota.engine.QuotaLines;
import dev.gpucloud.inventory.quota.engine.QuotaLines.Key;
import dev.gpucloud.inventory.quota.engine.SpentBudget;
import dev.gpucloud.inventory.quota.engine.Stock;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Quota as a batch sees it: a few statements, however many owners there are. Limit and count are
 * one row. It is read without a lock, as all below one group would wait for each other; what is
 * counted is counted at the end, in rows that are locked in the order of their keys, and only where
 * the limit is the one that was read and the count still below it.
 */
final class QuotaBook {
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
      insert into quota_usage (tenant_id, project_id, model_id, site)
      select t, p, m, s from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) w(t, p, m, s)
      order by coalesce(p, t), m, s on conflict do nothing""";
  private static final String READ =
      """
      select u.scope_id, u.project_id, u.model_id, u.site, u.used_slices, u.limit_version,
        u.ceiling_gpus, u.budget_gpu_hours, u.budget_used_seconds, u.budget_ends_at
      from unnest($1::uuid[], $2::text[], $3::text[]) w(scope_id, model_id, site)
      join quota_usage u using (scope_id, model_id, site)""";
  private static final String LOCK =
      READ + " order by u.scope_id, u.model_id, u.site for update of u";
  private static final String COUNT =
      """
      with w as materialized (
        select u.scope_id, u.model_id, u.site, w.more, w.most, w.version, w.spent
        from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[],
            $7::timestamptz[]) w(scope_id, model_id, site, more, most, version, spent)
        join quota_usage u using (scope_id, model_id, site)
        order by u.scope_id, u.model_id, u.site for no key update of u)
      update quota_usage q set used_slices = q.used_slices + w.more from w
      where q.scope_id = w.scope_id and q.model_id = w.model_id and q.site = w.site
        and (w.more <= 0 or q.used_slices <= w.most - w.more
          and q.limit_version is not distinct from w.version
          and q.budget_ends_at is not distinct from w.spent)""";

  private final Map<UUID, List<UUID>> lineages = new HashMap<>();
  private final Map<UUID, String> kinds = new HashMap<>();
  private final QuotaLines lines = new QuotaLines();
  private final Map<Key, AsRead> asRead = new HashMap<>();
  private final Instant now;

  private QuotaBook(Instant now) {
    this.now = now;
  }

  /** Who uses what is placed. */
  record Owner(UUID tenant, UUID project) {}

  /** What is to be given back: the scopes that an allocation names, for what its pool has. */
  record Credit(Stock stock, List<UUID> scopes) {}

  /** Who asks for GPUs of a stock; {@code locked} when nobody may move what is read. */
  record Wanted(Stock stock, Set<Owner> owners, boolean locked) {}

  /** By what it is known that limit and budget of a line are still those that were read. */
  private record AsRead(@Nullable Long limitVersion, @Nullable OffsetDateTime budgetEnds) {}

  private record Opening(UUID tenant, @Nullable UUID project) {}

  /** A book in which nothing is read yet; {@code now} is business time, by which budgets end. */
  static QuotaBook at(Instant now) {
    return new QuotaBook(now);
  }

  /** Reads above whom these tenants stand; before the rows of their owners. */
  Uni<Void> readLineages(SqlConnection c, Set<UUID> tenants) {
    if (tenants.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return c.preparedQuery(LINEAGE)
        .execute(Tuple.tuple().addArrayOfUUID(tenants.toArray(UUID[]::new)))
        .invoke(
            rows -> {
              for (Row row : rows) {
                UUID tenant = row.getUUID("tenant_id");
                lineages.computeIfAbsent(row.getUUID("of"), of -> new ArrayList<>()).add(tenant);
                kinds.put(tenant, row.getString("kind"));
              }
            })
        .replaceWithVoid();
  }

  /** Reads the rows of those who ask for GPUs of a stock, and of those that get some back. */
  Uni<Void> read(SqlConnection c, Wanted wanted, Collection<Credit> credits) {
    if (wanted.owners().isEmpty() && credits.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Set<Key> keys = new LinkedHashSet<>();
    Map<Key, Opening> openings = openings(wanted);
    keys.addAll(openings.keySet());
    for (Credit credit : credits) {
      credit.scopes().forEach(scope -> keys.addAll(QuotaLines.keys(credit.stock(), scope)));
    }
    return read(c, wanted, keys)
        .chain(
            () -> {
              openings.keySet().removeAll(asRead.keySet());
              return openings.isEmpty()
                  ? Uni.createFrom().voidItem()
                  : open(c, openings).chain(() -> read(c, wanted, keys));
            });
  }

  private Uni<Void> read(SqlConnection c, Wanted wanted, Set<Key> keys) {
    return c.preparedQuery(wanted.locked() ? LOCK : READ)
        .execute(tuple(List.copyOf(keys)))
        .invoke(rows -> rows.forEach(this::read))
        .replaceWithVoid();
  }

  private Map<Key, Opening> openings(Wanted wanted) {
    Map<Key, Opening> openings = new LinkedHashMap<>();
    for (Owner owner : wanted.owners()) {
      QuotaLines.keys(wanted.stock(), owner.project())
          .forEach(key -> openings.put(key, new Opening(owner.tenant(), owner.project())));
      for (UUID tenant : tenants(owner)) {
        QuotaLines.keys(wanted.stock(), tenant)
            .forEach(key -> openings.put(key, new Opening(tenant, null)));
      }
    }
    return openings;
  }

  /** Rows of those who never had any of it. */
  private static Uni<Void> open(SqlConnection c, Map<Key, Opening> openings) {
    List<Key> keys = List.copyOf(openings.keySet());
    List<Opening> opened = List.copyOf(openings.values());
    return c.preparedQuery(OPEN)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(array(opened, Opening::tenant, new UUID[0]))
                .addArrayOfUUID(array(opened, Opening::project, new UUID[0]))
                .addArrayOfString(array(keys, Key::model, new String[0]))
                .addArrayOfString(array(keys, Key::site, new String[0])))
        .replaceWithVoid();
  }

  private static Tuple tuple(List<Key> keys) {
    return Tuple.tuple()
        .addArrayOfUUID(array(keys, Key::scope, new UUID[0]))
        .addArrayOfString(array(keys, Key::model, new String[0]))
        .addArrayOfString(array(keys, Key::site, new String[0]));
  }

  private static <T, V> V[] array(List<T> items, Function<T, @Nullable V> value, V[] empty) {
    return items.stream().map(value).toArray(n -> Arrays.copyOf(empty, n));
  }

  private void read(Row row) {
    String site = row.getString("site");
    UUID scope = row.getUUID("scope_id");
    Long version = row.getLong("limit_version");
    boolean project = row.getUUID("project_id") != null;
    boolean needed = QuotaLimit.isNeeded(project, "GROUP".equals(kinds.get(scope)), site);
    long limit = QuotaLimit.slices(version != null, row.getInteger("ceiling_gpus"), needed);
    Key key = new Key(scope, row.getString("model_id"), site);
    lines.put(key, limit, row.getLong("used_slices"));
    OffsetDateTime budgetEnds = row.getOffsetDateTime("budget_ends_at");
    asRead.put(key, new AsRead(version, budgetEnds));
    if (budgetEnds != null && budgetEnds.toInstant().isAfter(now)) {
      lines.spend(
          key,
          new SpentBudget(
              row.getLong("budget_gpu_hours"),
              row.getLong("budget_used_seconds"),
              budgetEnds.toInstant()));
    }
  }

  private List<UUID> tenants(Owner owner) {
    return lineages.getOrDefault(owner.tenant(), List.of(owner.tenant()));
  }

  /** What counts for an owner, nearest first: the project, its tenant, the tenant's ancestors. */
  List<UUID> scopes(Owner owner) {
    List<UUID> scopes = new ArrayList<>();
    scopes.add(owner.project());
    scopes.addAll(tenants(owner));
    return scopes;
  }

  /** Counts slices at every scope, or says which limit does not allow it. */
  Optional<Excess> charge(Stock stock, List<UUID> scopes, int slices) {
    return lines.charge(stock, scopes, slices);
  }

  /** Gives back what was charged before, at the same scopes. */
  void credit(Stock stock, List<UUID> scopes, int slices) {
    lines.credit(stock, scopes, slices);
  }

  /** Counts what has changed; fails if that is more than the rows allow now. */
  Uni<Void> store(SqlConnection c) {
    List<Key> changed = lines.changed();
    if (changed.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return c.preparedQuery(COUNT)
        .execute(
            tuple(changed)
                .addArrayOfLong(array(changed, lines::more, new Long[0]))
                .addArrayOfLong(array(changed, lines::limit, new Long[0]))
                .addArrayOfLong(array(changed, k -> asRead(k).limitVersion(), new Long[0]))
                .addArrayOfOffsetDateTime(
                    array(changed, k -> asRead(k).budgetEnds(), new OffsetDateTime[0])))
        .invoke(
            rows -> {
              if (rows.rowCount() != changed.size()) {
                throw new QuotaMovedException(changed.size() - rows.rowCount());
              }
            })
        .replaceWithVoid();
  }

  private AsRead asRead(Key key) {
    return Objects.requireNonNull(asRead.get(key));
  }
}
