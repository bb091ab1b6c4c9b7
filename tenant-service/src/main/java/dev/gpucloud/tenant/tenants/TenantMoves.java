package dev.gpucloud.tenant.tenants;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.tenant.engine.TenantState;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * The history of tenants, append-only. Who appends holds the tree's lock, so that the positions of
 * a tenant are 1..n.
 */
@ApplicationScoped
public class TenantMoves {
  /** Appends one step. */
  public Uni<Void> append(Mutiny.Session session, TenantId tenant, TenantMove move) {
    return Sql.update(
            session,
            """
            insert into tenant_move
              (tenant_id, position, action, from_state, to_state, actor, actor_name, reason, at)
            select ?1, coalesce(max(position), 0) + 1, ?2, cast(?3 as text), ?4, ?5, ?6,
                   cast(?7 as text), ?8
            from tenant_move where tenant_id = ?1""",
            tenant.value(),
            move.action(),
            move.from() == null ? null : move.from().name(),
            move.to().name(),
            move.actor(),
            move.actorName(),
            move.reason(),
            move.at().atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  /** A step with its place in the history, from 1. */
  record Placed(int position, TenantMove move) {}

  Uni<List<Placed>> page(Mutiny.Session session, TenantId tenant, int after, int limit) {
    return Sql.rows(
            session,
            """
            select position, action, from_state, to_state, actor, actor_name, reason, at
            from tenant_move where tenant_id = ?1 and position > ?2
            order by position limit ?3""",
            tenant.value(),
            after,
            limit)
        .map(rows -> rows.stream().map(TenantMoves::placed).toList());
  }

  private static Placed placed(Object[] row) {
    return new Placed(
        ((Number) row[0]).intValue(),
        new TenantMove(
            (String) row[1],
            row[2] == null ? null : TenantState.valueOf((String) row[2]),
            TenantState.valueOf((String) row[3]),
            (String) row[4],
            (String) row[5],
            (String) row[6],
            instant(row[7])));
  }

  private static @Nullable Instant instant(@Nullable Object column) {
    return switch (column) {
      case null -> null;
      case Instant at -> at;
      case OffsetDateTime at -> at.toInstant();
      default -> throw new IllegalStateException("no time: " + column.getClass());
    };
  }
}
