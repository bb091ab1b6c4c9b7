package dev.gpucloud.inventory.placement;

import dev.gpucloud.inventory.quota.engine.Excess;
import dev.gpucloud.inventory.quota.engine.QuotaLimit;
import dev.gpucloud.inventory.quota.engine.QuotaLines;
import dev.gpucloud.inventory.quota.engine.QuotaLines.Key;
import dev.gpucloud.inventory.quota.engine.SpentBudget;
import dev.gpucloud.inventory.quota.engine.Stock;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Quota locked for a batch: four statements, however many owners there are. Limit and count are one
 * row, so who holds its lock sees a limit that cannot change before the commit. Rows are opened and
 * locked in the order of their keys, so that no two batches wait for each other.
 */
final class QuotaBook {
  static final QuotaBook EMPTY = new QuotaBook(Instant.EPOCH);
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
  private static final String LOCK =
      """
      select u.scope_id, u.project_id, u.model_id, u.site, u.used_slices,
        u.limit_version is not null as published, u.ceiling_gpus,
        u.budget_gpu_hours, u.budget_used_seconds, u.budget_ends_at
      from unnest($1::uuid[], $2::text[], $3::text[]) w(scope_id, model_id, site)
      join quota_usage u using (scope_id, model_id, site)
      order by u.scope_id, u.model_id, u.site for update of u""";
  private static final String STORE =
      """
      update quota_usage q set used_slices = w.used
      from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[]) w(scope_id, model_id, site, used)
      where q.scope_id = w.scope_id and q.model_id = w.model_id and q.site = w.site""";

  private final Map<UUID, List<UUID>> lineages = new HashMap<>();
  private final Map<UUID, String> kinds = new HashMap<>();
  private final Map<Key, Opening> openings = new LinkedHashMap<>();
  private final QuotaLines lines = new QuotaLines();

  private final Instant now;

  private QuotaBook(Instant now) {
    this.now = now;
  }

  /** Who uses what is placed. */
  record Owner(UUID tenant, UUID project) {}

  /** What is to be given back: the scopes that an allocation names, for what its pool has. */
  record Credit(Stock stock, List<UUID> scopes) {}

  /** Who asks for GPUs of a stock. */
  record Wanted(Stock stock, Set<Owner> owners) {}

  private record Opening(UUID tenant, @Nullable UUID project) {}

  /**
   * Locks the rows of those who ask for GPUs of a stock, and of those that get some back; {@code
   * now} is business time, by which budgets end.
   */
  static Uni<QuotaBook> lock(
      SqlConnection c, Wanted wanted, Collection<Credit> credits, Instant now) {
    Stock stock = wanted.stock();
    Set<Owner> owners = wanted.owners();
    if (owners.isEmpty() && credits.isEmpty()) {
      return Uni.createFrom().item(EMPTY);
    }
    QuotaBook book = new QuotaBook(now);
    return book.readLineages(c, owners)
        .chain(() -> book.open(c, stock, owners))
        .chain(() -> book.lock(c, credits))
        .replaceWith(book);
  }

  private Uni<Void> readLineages(SqlConnection c, Set<Owner> owners) {
    UUID[] tenants = owners.stream().map(Owner::tenant).distinct().toArray(UUID[]::new);
    if (tenants.length == 0) {
      return Uni.createFrom().voidItem();
    }
    return c.preparedQuery(LINEAGE)
        .execute(Tuple.tuple().addArrayOfUUID(tenants))
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

  private Uni<Void> open(SqlConnection c, Stock stock, Set<Owner> owners) {
    for (Owner owner : owners) {
      addOpening(stock, owner.project(), new Opening(owner.tenant(), owner.project()));
      for (UUID tenant : tenants(owner)) {
        addOpening(stock, tenant, new Opening(tenant, null));
      }
    }
    if (openings.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
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

  private void addOpening(Stock stock, UUID scope, Opening opening) {
    QuotaLines.keys(stock, scope).forEach(key -> openings.put(key, opening));
  }

  private Uni<Void> lock(SqlConnection c, Collection<Credit> credits) {
    Set<Key> wanted = new LinkedHashSet<>(openings.keySet());
    for (Credit credit : credits) {
      credit.scopes().forEach(scope -> wanted.addAll(QuotaLines.keys(credit.stock(), scope)));
    }
    return c.preparedQuery(LOCK)
        .execute(tuple(List.copyOf(wanted)))
        .invoke(this::read)
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

  private void read(RowSet<Row> rows) {
    for (Row row : rows) {
      String site = row.getString("site");
      UUID scope = row.getUUID("scope_id");
      boolean project = row.getUUID("project_id") != null;
      boolean needed = QuotaLimit.isNeeded(project, "GROUP".equals(kinds.get(scope)), site);
      long limit =
          QuotaLimit.slices(row.getBoolean("published"), row.getInteger("ceiling_gpus"), needed);
      Key key = new Key(scope, row.getString("model_id"), site);
      lines.put(key, limit, row.getLong("used_slices"));
      OffsetDateTime budgetEnds = row.getOffsetDateTime("budget_ends_at");
      if (budgetEnds != null && budgetEnds.toInstant().isAfter(now)) {
        lines.spend(
            key,
            new SpentBudget(
                row.getLong("budget_gpu_hours"),
                row.getLong("budget_used_seconds"),
                budgetEnds.toInstant()));
      }
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

  /** Writes the counts that have changed. */
  Uni<Void> store(SqlConnection c) {
    List<Key> changed = lines.changed();
    if (changed.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Long[] used = array(changed, lines::used, new Long[0]);
    return c.preparedQuery(STORE).execute(tuple(changed).addArrayOfLong(used)).replaceWithVoid();
  }
}
