package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.inventory.instance.ClusterRef;
import dev.gpucloud.inventory.instance.InstanceEntity;
import dev.gpucloud.inventory.placement.engine.Anchor;
import dev.gpucloud.inventory.placement.engine.Level;
import dev.gpucloud.inventory.provisioning.TopologyRequest.WithinRequest;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** Where the cluster of an instance stands, which holds the instance when it is placed again. */
@ApplicationScoped
class Anchors {
  private final ObjectMapper json;

  Anchors(ObjectMapper json) {
    this.json = json;
  }

  /** Empty for an instance of no cluster. */
  Uni<Optional<Anchor>> of(Mutiny.Session s, InstanceEntity instance) {
    ClusterRef ref = instance.cluster();
    return ref == null
        ? Uni.createFrom().item(Optional.empty())
        : s.find(ClusterEntity.class, ref.id().value())
            .map(cluster -> Optional.of(of(Objects.requireNonNull(cluster))));
  }

  private Anchor of(ClusterEntity cluster) {
    TopologyRequest topology = topology(cluster);
    Level placed = Level.valueOf(cluster.level);
    Level required = topology.required();
    List<Level> within = new ArrayList<>(List.of(required));
    topology.withinOrNone().stream()
        .map(WithinRequest::level)
        .filter(level -> level.compareTo(placed) >= 0 && level.compareTo(required) < 0)
        .forEach(within::add);
    return new Anchor(cluster.siteId, placed, cluster.domain, within);
  }

  /** What was asked of a cluster. */
  TopologyRequest topology(ClusterEntity cluster) {
    try {
      return json.readValue(cluster.topology, TopologyRequest.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
