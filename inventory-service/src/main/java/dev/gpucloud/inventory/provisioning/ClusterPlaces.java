package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.inventory.placement.engine.Level;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * How close together clusters stand now: an instance that was started again may stand further off
 * than its cluster was placed, where that was only preferred.
 */
record ClusterPlaces(Map<UUID, List<Map<Level, String>>> places) {

  /** A level, its domain that all instances are in, and the preferences that are not met. */
  record Place(String level, String domain, List<String> unmet) {}

  /** Of clusters that have a domain; what holds no host stands nowhere. */
  static Uni<ClusterPlaces> of(Mutiny.Session s, List<ClusterEntity> clusters) {
    String ids =
        clusters.stream()
            .filter(cluster -> !cluster.level.equals(Level.SITE.name()))
            .map(cluster -> cluster.id.toString())
            .collect(Collectors.joining(","));
    return ids.isEmpty()
        ? Uni.createFrom().item(new ClusterPlaces(Map.of()))
        : Sql.rows(
                s,
                """
                select distinct c.id, h.hall_id, h.fabric_id, h.rack_id,
                  case when c.level <> 'NVLINK_DOMAIN' then ''
                       when m.nvlink_domain_gpus / h.gpus <= 1 then h.name
                       else h.rack_id || '-n' || (
                         select (count(*) - 1) / (m.nvlink_domain_gpus / h.gpus) + 1 from host b
                         where b.rack_id = h.rack_id and b.pool_id = h.pool_id and b.name <= h.name)
                  end
                from cluster c
                  join instance i on i.cluster_id = c.id and i.tenant_id = c.tenant_id
                  join host h on h.id = i.host_id join gpu_model m on m.id = h.model_id
                where c.id = any(cast(string_to_array(?1, ',') as uuid[])) and i.holding""",
                ids)
            .map(ClusterPlaces::of);
  }

  private static ClusterPlaces of(List<Object[]> rows) {
    Map<UUID, List<Map<Level, String>>> places = new HashMap<>();
    for (Object[] row : rows) {
      Map<Level, String> place =
          Map.of(
              Level.HALL, (String) row[1],
              Level.FABRIC, (String) row[2],
              Level.RACK, (String) row[3],
              Level.NVLINK_DOMAIN, (String) row[4],
              Level.SITE, "");
      places.merge((UUID) row[0], List.of(place), ClusterPlaces::both);
    }
    return new ClusterPlaces(places);
  }

  private static <T> List<T> both(List<T> some, List<T> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  /** As it was placed while all of it stands there, else the narrowest domain around all of it. */
  Place of(ClusterEntity cluster, TopologyRequest topology) {
    List<String> unmet =
        cluster.unmet.isEmpty() ? List.of() : Arrays.asList(cluster.unmet.split(","));
    List<Map<Level, String>> now = places.getOrDefault(cluster.id, List.of());
    Level placed = Level.valueOf(cluster.level);
    if (now.stream().allMatch(place -> place.get(placed).equals(cluster.domain))) {
      return new Place(cluster.level, cluster.domain, unmet);
    }
    Level level =
        Stream.of(Level.values())
            .filter(wider -> wider.compareTo(placed) > 0)
            .filter(wider -> now.stream().map(place -> place.get(wider)).distinct().count() == 1)
            .findFirst()
            .orElse(Level.SITE);
    Stream<String> within =
        topology.withinOrNone().stream()
            .filter(rule -> rule.level().compareTo(level) < 0)
            .map(rule -> "WITHIN_" + rule.level());
    Stream<String> other = unmet.stream().filter(rule -> !rule.startsWith("WITHIN_"));
    return new Place(
        level.name(), now.getFirst().get(level), Stream.concat(within, other).toList());
  }
}
