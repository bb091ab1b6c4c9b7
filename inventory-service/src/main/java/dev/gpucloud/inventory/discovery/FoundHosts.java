package dev.gpucloud.inventory.discovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.HostDiscovery;
import dev.gpucloud.contracts.event.HostDiscovery.FoundGpu;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.discovery.engine.Matching.Announced;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads what is known of a host that was found, and keeps the facts of its GPUs. */
@ApplicationScoped
class FoundHosts {
  private final ObjectMapper json;

  FoundHosts(ObjectMapper json) {
    this.json = json;
  }

  /** A host of the fleet, locked until the transaction ends. */
  record Known(
      HostId id, String delivery, String state, Announced announced, long reportSequence) {}

  Uni<Boolean> isSite(Mutiny.Session s, String site) {
    return Sql.rows(s, "select id, country from site where id = ?1", site)
        .map(rows -> !rows.isEmpty());
  }

  Uni<Optional<Known>> find(Mutiny.Session s, String serial) {
    return Sql.rows(
            s,
            """
            select h.id, h.delivery_id, h.state, h.site_id, h.name, h.model_id, h.gpus,
              coalesce(i.report_sequence, 0)
            from host h left join host_intake i on i.host_id = h.id
            where h.serial = ?1 for update of h""",
            serial)
        .chain(
            rows ->
                rows.isEmpty()
                    ? Uni.createFrom().item(Optional.empty())
                    : facts(s, (UUID) rows.getFirst()[0])
                        .map(facts -> Optional.of(known(rows.getFirst(), facts))));
  }

  private static Known known(Object[] r, Map<Integer, String> facts) {
    return new Known(
        new HostId((UUID) r[0]),
        (String) r[1],
        (String) r[2],
        new Announced(
            (String) r[3],
            (String) r[4],
            (String) r[5],
            ((Number) r[6]).intValue(),
            r[2].equals("RETIRED"),
            facts),
        ((Number) r[7]).longValue());
  }

  private static Uni<Map<Integer, String>> facts(Mutiny.Session s, UUID host) {
    return Sql.rows(s, "select position, serial from gpu_fact where host_id = ?1", host)
        .map(
            rows -> {
              Map<Integer, String> facts = new HashMap<>();
              rows.forEach(r -> facts.put(((Number) r[0]).intValue(), (String) r[1]));
              return facts;
            });
  }

  /** Serials and uuids among those found that other hosts have, with the names of those hosts. */
  Uni<Map<String, String>> elsewhere(Mutiny.Session s, HostId host, HostDiscovery found) {
    String marks =
        found.gpus().stream()
            .map(gpu -> gpu.serial() + "," + gpu.uuid())
            .collect(Collectors.joining(","));
    return Sql.rows(
            s,
            """
            select f.serial, f.uuid, h.name from gpu_fact f join host h on h.id = f.host_id
            where f.host_id <> ?1 and (f.serial = any(string_to_array(?2, ','))
                                       or f.uuid = any(string_to_array(?2, ',')))""",
            host.value(),
            marks)
        .map(
            rows -> {
              Map<String, String> elsewhere = new HashMap<>();
              for (Object[] r : rows) {
                elsewhere.put((String) r[0], (String) r[2]);
                elsewhere.put((String) r[1], (String) r[2]);
              }
              return elsewhere;
            });
  }

  /** Replaces the facts of the host's GPUs. */
  Uni<Void> keep(Mutiny.Session s, HostId host, HostDiscovery found) {
    return Sql.update(s, "delete from gpu_fact where host_id = ?1", host.value())
        .chain(
            () ->
                Sql.update(
                    s,
                    """
                    insert into gpu_fact (host_id, position, uuid, serial, model_id, firmware,
                                          mig_mode, health, seen_at)
                    select cast(?1 as uuid), r.*, cast(?3 as timestamptz)
                    from jsonb_to_recordset(cast(cast(?2 as text) as jsonb))
                      as r(position int, uuid text, serial text, model text, firmware text,
                           "migMode" text, health text)""",
                    host.value(),
                    write(found.gpus()),
                    found.at().atOffset(ZoneOffset.UTC)))
        .replaceWithVoid();
  }

  private String write(List<FoundGpu> gpus) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (FoundGpu gpu : gpus) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("position", gpu.position());
      row.put("uuid", gpu.uuid());
      row.put("serial", gpu.serial());
      row.put("model", gpu.model());
      row.put("firmware", gpu.firmware());
      row.put("migMode", gpu.migMode());
      row.put("health", gpu.health());
      rows.add(row);
    }
    try {
      return json.writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Notes which look at the host was the newest. */
  Uni<Void> looked(Mutiny.Session s, HostId host, HostDiscovery found) {
    return Sql.update(
            s,
            """
            insert into host_intake as i (host_id, site_id, desired, report_sequence)
            select id, site_id, null, ?2 from host where id = ?1
            on conflict (host_id) do update set report_sequence = ?2""",
            host.value(),
            found.reportSequence())
        .replaceWithVoid();
  }

  /** Asks for nothing more, or for a burn-in. */
  Uni<Void> wish(Mutiny.Session s, HostId host, boolean burnIn) {
    return Sql.update(
            s,
            burnIn
                ? """
                  update host_intake set desired = 'BURNED_IN', order_sequence = order_sequence + 1,
                    order_due_at = '-infinity' where host_id = ?1"""
                : "update host_intake set desired = null where host_id = ?1",
            host.value())
        .replaceWithVoid();
  }
}
