package dev.gpucloud.tenant.usage;

import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * GPU time of a tenant with all below it, or of one project, in GPU-seconds; a part of a second is
 * cut off. Every interval that reaches into the window is read.
 */
@ApplicationScoped
public class GpuUsage {
  private static final String USED =
      """
      with recursive family as (
        select cast(?1 as uuid) as id
        union all
        select t.tenant_id from tenant t join family f on t.parent_id = f.id
      )
      select cast(floor(coalesce(sum(u.slices * extract(epoch from
          least(coalesce(u.to_at, ?4), ?4) - greatest(u.from_at, ?3))), 0) / 8) as bigint)
      from gpu_usage u
      where u.tenant_id in (select id from family) and u.model = ?2
        and u.from_at < ?4 and (u.to_at > ?3 or u.to_at is null)
        and (?5 = '' or cast(u.project_id as text) = ?5)""";

  /** Whose time, of which model. */
  public record Of(UUID tenant, @Nullable UUID project, String model) {}

  /** GPU-seconds from one instant to another; what goes on counts to the end. */
  public Uni<Long> seconds(Mutiny.Session s, Of of, Instant from, Instant to) {
    if (!from.isBefore(to)) {
      return Uni.createFrom().item(0L);
    }
    return Sql.rows(
            s,
            USED,
            of.tenant(),
            of.model(),
            from,
            to,
            of.project() == null ? "" : of.project().toString())
        .map(rows -> ((Number) rows.getFirst()[0]).longValue());
  }
}
