package dev.gpucloud.inventory.delivery;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.catalogue.KeysetQuery;
import dev.gpucloud.inventory.delivery.engine.Acceptance.DeliveredHost;
import dev.gpucloud.inventory.delivery.engine.Acceptance.Waived;
import dev.gpucloud.inventory.delivery.engine.DeliveryState;
import dev.gpucloud.inventory.fleet.ExpectedHost;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads and writes deliveries. */
@ApplicationScoped
class DeliveryStore {

  /** A delivery that is locked until the transaction ends. */
  record Locked(String id, DeliveryState state, LocalDate due, long version) {}

  /** What becomes of a delivery, and who made it so. */
  record Step(
      String event, DeliveryState to, LocalDate due, String reason, String actor, Instant at) {}

  Uni<Locked> lock(Mutiny.Session s, String id) {
    return Sql.rows(
            s,
            "select state, cast(due as text), version from delivery where id = ?1 for update",
            id)
        .map(
            rows -> {
              if (rows.isEmpty()) {
                throw unknown(id);
              }
              Object[] row = rows.getFirst();
              return new Locked(
                  id,
                  DeliveryState.of((String) row[0]),
                  LocalDate.parse((String) row[1]),
                  ((Number) row[2]).longValue());
            });
  }

  private static ProblemException unknown(String id) {
    return ProblemType.NOT_FOUND.because("There is no delivery '" + id + "'.");
  }

  Uni<Void> write(Mutiny.Session s, Locked delivery, Step step) {
    return Sql.update(
            s,
            """
            with changed as (
              update delivery set state = ?2, due = cast(cast(?3 as text) as date), version = version + 1,
                delivered_at = case ?2 when 'DELIVERED' then cast(?4 as timestamptz)
                                       else delivered_at end
              where id = ?1
              returning id, version, state, due)
            insert into delivery_history (delivery_id, version, event, state, due, reason, actor, at)
            select id, version, ?5, state, due, ?6, ?7, cast(?4 as timestamptz) from changed""",
            delivery.id(),
            step.to().word(),
            step.due().toString(),
            step.at().atOffset(ZoneOffset.UTC),
            step.event(),
            step.reason(),
            step.actor())
        .replaceWithVoid();
  }

  /** One delivery with the states of its hosts. */
  Uni<DeliveryView> view(Mutiny.Session s, String id) {
    return s.createSelectionQuery("from DeliveryEntity d where d.id = :id", DeliveryEntity.class)
        .setParameter("id", id)
        .getSingleResultOrNull()
        .chain(
            delivery -> {
              if (delivery == null) {
                throw unknown(id);
              }
              return hostStates(s, id).map(states -> DeliveryView.of(delivery, states));
            });
  }

  private static Uni<Map<String, Long>> hostStates(Mutiny.Session s, String id) {
    return Sql.rows(s, "select state, count(*) from host where delivery_id = ?1 group by state", id)
        .map(
            rows -> {
              Map<String, Long> states = new TreeMap<>();
              rows.forEach(row -> states.put((String) row[0], ((Number) row[1]).longValue()));
              return states;
            });
  }

  Uni<Page<DeliveryHistoryView>> history(Mutiny.Session s, String id, PageRequest page) {
    return lookUp(s, id)
        .chain(
            () ->
                s.createSelectionQuery(
                        "from DeliveryHistoryEntity h where h.deliveryId = :id"
                            + " and h.version > :after order by h.version",
                        DeliveryHistoryEntity.class)
                    .setParameter("id", id)
                    .setParameter("after", number(page.after().getOrDefault("after", "0")))
                    .setMaxResults(page.limit())
                    .getResultList())
        .map(
            rows ->
                page.page(
                    rows, DeliveryHistoryView::of, h -> Map.of("after", Long.toString(h.version))));
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw ProblemType.INVALID_PAGE_TOKEN.because("The page token is of another list.");
    }
  }

  private static Uni<Void> lookUp(Mutiny.Session s, String id) {
    return Sql.rows(s, "select id, state from delivery where id = ?1", id)
        .invoke(
            rows -> {
              if (rows.isEmpty()) {
                throw unknown(id);
              }
            })
        .replaceWithVoid();
  }

  /** The hosts announced for a delivery, in the order of their places. */
  Uni<Page<ExpectedHost>> expectedHosts(Mutiny.Session s, String id, PageRequest page) {
    return lookUp(s, id)
        .chain(
            () ->
                Sql.rows(
                    s,
                    """
                    select serial, name, rack_id, fabric_id, position from expected_host
                    where delivery_id = ?1 and position > ?2 order by position limit"""
                        + " "
                        + page.limit(),
                    id,
                    number(page.after().getOrDefault("after", "-1"))))
        .map(
            rows ->
                page.page(
                    rows,
                    r ->
                        new ExpectedHost(
                            (String) r[0], (String) r[1], (String) r[2], (String) r[3]),
                    r -> Map.of("after", r[4].toString())));
  }

  Uni<Page<DeliveryView>> list(
      Mutiny.Session s, KeysetQuery<DeliveryEntity> query, PageRequest page) {
    return query.page(s, page, DeliveryView::of, delivery -> delivery.id);
  }

  /** The hosts of a delivery, locked, by name. */
  Uni<List<DeliveredHost>> hosts(Mutiny.Session s, String id) {
    return Sql.rows(
            s,
            """
            select id, name, serial, state, accepted_at is not null from host
            where delivery_id = ?1 order by name for update""",
            id)
        .map(
            rows ->
                rows.stream()
                    .map(
                        r ->
                            new DeliveredHost(
                                new HostId((UUID) r[0]),
                                (String) r[1],
                                (String) r[2],
                                (String) r[3],
                                (Boolean) r[4]))
                    .toList());
  }

  /** A host that is left out is looked for no longer, and nothing about it is open any more. */
  Uni<Void> closeDiscrepancies(Mutiny.Session s, List<Waived> waived, String actor, Instant at) {
    if (waived.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    String serials =
        waived.stream().map(one -> one.host().serial()).collect(Collectors.joining(","));
    return Sql.update(
            s,
            """
            update discrepancy set state = 'RESOLVED', resolved_at = cast(?3 as timestamptz),
              resolved_by = ?2, note = 'the host was waived', version = version + 1
            where state = 'OPEN' and serial = any(string_to_array(?1, ','))""",
            serials,
            actor,
            at.atOffset(ZoneOffset.UTC))
        .chain(
            () ->
                Sql.update(
                    s,
                    """
                    update host_intake i set desired = null from host h
                    where h.id = i.host_id and h.serial = any(string_to_array(?1, ','))""",
                    serials))
        .replaceWithVoid();
  }
}
