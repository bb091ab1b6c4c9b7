package dev.gpucloud.billing.close;

import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of waivers. */
@ApplicationScoped
class WaiverRepository {
  /** What two persons let pass in an account's month. */
  Uni<Set<Finding.Key>> confirmed(Mutiny.Session s, UUID account, BillingMonth month) {
    return confirmed(s, List.of(account), month)
        .map(found -> found.getOrDefault(account, Set.of()));
  }

  /** The same of some accounts; one without has no entry. */
  Uni<Map<UUID, Set<Finding.Key>>> confirmed(
      Mutiny.Session s, Collection<UUID> accounts, BillingMonth month) {
    return Rows.select(
            s,
            """
            select cast(account_id as text), code, subject from close_waiver
            where account_id = any (cast(string_to_array(?1, ',') as uuid[])) and month = ?2
              and state = 'CONFIRMED'""",
            Rows.param(accounts),
            month.toString())
        .map(
            rows ->
                rows.stream()
                    .collect(
                        Collectors.groupingBy(
                            r -> r.uuid(0),
                            Collectors.mapping(
                                r -> new Finding.Key(Check.valueOf(r.text(1)), r.text(2)),
                                Collectors.toSet()))));
  }

  /** Who did something. */
  record By(String subject, String name) {}

  /** Writes a proposal; false when one for the same finding stands already. */
  Uni<Boolean> insert(Mutiny.Session s, Waiver w, By by) {
    return Sql.update(
            s,
            """
            insert into close_waiver
              (tenant_id, id, account_id, month, code, subject, detail, reason, state,
               proposed_by, proposed_name, proposed_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'PROPOSED', ?9, ?10, ?11)
            on conflict (account_id, month, code, subject) where state <> 'REJECTED'
            do nothing""",
            w.tenant().value(),
            w.id().value(),
            w.accountId(),
            w.month(),
            w.code(),
            w.subject(),
            w.detail(),
            w.reason(),
            by.subject(),
            by.name(),
            Rows.param(w.proposedAt()))
        .map(n -> n == 1);
  }

  Uni<Optional<Waiver>> find(Mutiny.Session s, UUID id) {
    return Rows.select(s, "select " + Waiver.COLUMNS + "from close_waiver where id = ?1", id)
        .map(rows -> rows.stream().findFirst().map(Waiver::of));
  }

  Uni<Optional<Waiver.Stored>> findForUpdate(Mutiny.Session s, UUID id) {
    return Rows.select(
            s, "select " + Waiver.COLUMNS + "from close_waiver where id = ?1 for update", id)
        .map(rows -> rows.stream().findFirst().map(Waiver.Stored::of));
  }

  Uni<Void> decide(Mutiny.Session s, UUID id, String state, By by, Instant at) {
    return Sql.update(
            s,
            """
            update close_waiver set state = ?2, decided_by = ?3, decided_name = ?4,
              decided_at = ?5, version = version + 1 where id = ?1""",
            id,
            state,
            by.subject(),
            by.name(),
            Rows.param(at))
        .replaceWithVoid();
  }

  /** What a list may be narrowed to. */
  record Filter(@Nullable UUID account, @Nullable String month, @Nullable String state) {}

  /** Newest first, after the given id. */
  Uni<List<Waiver>> list(Mutiny.Session s, Filter filter, @Nullable UUID after, int limit) {
    return Rows.select(
            s,
            "select "
                + Waiver.COLUMNS
                + """
                from close_waiver
                where (cast(?1 as text) is null or account_id = cast(cast(?1 as text) as uuid))
                  and (cast(?2 as text) is null or month = ?2)
                  and (cast(?3 as text) is null or state = ?3)
                  and (cast(?4 as text) is null or id < cast(cast(?4 as text) as uuid))
                order by id desc limit ?5""",
            filter.account() == null ? null : filter.account().toString(),
            filter.month(),
            filter.state(),
            after == null ? null : after.toString(),
            limit)
        .map(rows -> rows.stream().map(Waiver::of).toList());
  }
}
