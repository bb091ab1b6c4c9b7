package dev.gpucloud.inventory.placement;

import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.inventory.placement.QuotaBook.Credit;
import dev.gpucloud.inventory.placement.QuotaBook.Owner;
import dev.gpucloud.inventory.quota.engine.Excess;
import dev.gpucloud.inventory.quota.engine.Stock;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lets what an instance holds count for another project, of its tenant or of another one: for a
 * move of the instance.
 *
 * <p>Runs in the transaction of the move, as the system, after the instance's row is locked and
 * before any host's: locks are taken in the order instances, keys, quota, hosts everywhere. What
 * counts before and after (the tenant and its ancestors, when they stay the same) does not change,
 * so that a limit that was lowered meanwhile stops no move below it. When a limit of the new
 * project or of its tenants does not suffice, that limit is the answer and nothing was changed.
 */
public final class QuotaTransfer {
  private QuotaTransfer() {}

  private record Held(UUID allocation, Credit counted, int slices) {}

  /** Answers which limit does not allow it, or nothing when it is done. */
  public static Uni<Optional<Excess>> move(
      SqlConnection c, InstanceId instance, TenantId tenant, ProjectId project, Instant now) {
    Owner owner = new Owner(tenant.value(), project.value());
    return held(c, instance)
        .chain(
            held ->
                held.isEmpty()
                    ? Uni.createFrom().item(Optional.empty())
                    : move(c, held, owner, QuotaBook.at(now)));
  }

  private static Uni<Optional<Excess>> move(
      SqlConnection c, List<Held> held, Owner owner, QuotaBook book) {
    return book.readLineages(c, Set.of(owner.tenant()))
        .chain(
            () ->
                book.read(c, new QuotaBook.Wanted(stock(held), Set.of(owner), true), credits(held)))
        .chain(() -> move(c, book, held, book.scopes(owner)));
  }

  private static Uni<List<Held>> held(SqlConnection c, InstanceId instance) {
    return c.preparedQuery(
            """
            select a.id, a.quota_of, a.mask, p.model_id, p.site_id
            from allocation a join pool p on p.id = a.pool_id
            where a.instance_id = $1 and a.state = 'HELD' order by a.id""")
        .execute(Tuple.of(instance.value()))
        .map(
            rows -> {
              List<Held> held = new ArrayList<>();
              rows.forEach(row -> held.add(held(row)));
              return held;
            });
  }

  private static Held held(Row row) {
    Stock stock = new Stock(row.getString("model_id"), row.getString("site_id"));
    return new Held(
        row.getUUID("id"),
        new Credit(stock, List.of(row.getArrayOfUUIDs("quota_of"))),
        Long.bitCount(row.getLong("mask")));
  }

  /** An instance is on one host. */
  private static Stock stock(List<Held> held) {
    return held.getFirst().counted().stock();
  }

  private static List<Credit> credits(List<Held> held) {
    return held.stream().map(Held::counted).toList();
  }

  private static Uni<Optional<Excess>> move(
      SqlConnection c, QuotaBook book, List<Held> held, List<UUID> scopes) {
    for (Held each : held) {
      Excess excess = move(book, each, scopes);
      if (excess != null) {
        return Uni.createFrom().item(Optional.of(excess));
      }
    }
    return c.preparedQuery("update allocation set quota_of = $2 where id = any($1)")
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(held.stream().map(Held::allocation).toArray(UUID[]::new))
                .addArrayOfUUID(scopes.toArray(UUID[]::new)))
        .chain(() -> book.store(c))
        .replaceWith(Optional.empty());
  }

  private static @Nullable Excess move(QuotaBook book, Held held, List<UUID> scopes) {
    Credit before = held.counted();
    List<UUID> left = new ArrayList<>(before.scopes());
    left.removeAll(scopes);
    List<UUID> joined = new ArrayList<>(scopes);
    joined.removeAll(before.scopes());
    book.credit(before.stock(), left, held.slices());
    return book.charge(before.stock(), joined, held.slices()).orElse(null);
  }
}
