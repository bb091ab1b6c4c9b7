package dev.gpucloud.inventory.provisioning;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.gpucloud.contracts.id.ClusterId;
import dev.gpucloud.inventory.instance.ClusterDraft;
import dev.gpucloud.inventory.instance.ClusterRows;
import dev.gpucloud.inventory.instance.ClusterRows.NewCluster;
import dev.gpucloud.inventory.instance.InstanceState;
import dev.gpucloud.inventory.provisioning.ClusterPlaces.Place;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as its tenant sees it. {@code state} follows from the instances, counted in {@code
 * instanceStates}; {@code level} and {@code domain} say how close together they stand, {@code
 * unmetPreferences} which wishes could not be kept.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterView(
    ClusterId id,
    String name,
    State state,
    String project,
    String instanceType,
    int instances,
    int spares,
    @JsonRawValue @Schema(implementation = TopologyRequest.class) String topology,
    @Nullable String requestedSite,
    String site,
    String level,
    String domain,
    List<String> unmetPreferences,
    Map<InstanceState, Integer> instanceStates,
    String createdBy,
    Instant createdAt,
    Instant updatedAt,
    long version) {

  /** Where a cluster is in its life. */
  public enum State {
    /** Its instances come up. */
    PROVISIONING,
    /** All of its instances run. */
    RUNNING,
    /** Some of its instances run. */
    DEGRADED,
    /** None of its instances runs or comes up. */
    STOPPED,
    /** Its instances are going. */
    DELETING,
    /** All of its instances are gone. */
    DELETED
  }

  static ClusterView of(
      ClusterEntity c, String project, Place place, Map<InstanceState, Integer> states) {
    return new ClusterView(
        c.id(),
        c.name,
        state(c.state.equals("DELETED"), c.instances + c.spares, states),
        project,
        c.instanceType,
        c.instances,
        c.spares,
        c.topology,
        c.requestedSite,
        c.siteId,
        place.level(),
        place.domain(),
        place.unmet(),
        states,
        c.createdBy,
        c.createdAt,
        c.updatedAt,
        c.version);
  }

  /** As it is answered when it has just been placed. */
  static ClusterView placed(NewCluster cluster, String site, Instant at) {
    ClusterDraft draft = cluster.draft();
    Map<InstanceState, Integer> states = new EnumMap<>(InstanceState.class);
    states.put(InstanceState.PENDING, draft.instances() + draft.spares());
    return new ClusterView(
        draft.id(),
        draft.name(),
        State.PROVISIONING,
        draft.tenant().slug() + "." + draft.project().slug(),
        draft.type().id(),
        draft.instances(),
        draft.spares(),
        draft.topologyJson(),
        draft.site(),
        site,
        cluster.placement().level().name(),
        cluster.placement().domain(),
        ClusterRows.unmet(cluster.placement()),
        states,
        draft.actor(),
        at,
        at,
        1);
  }

  static State state(boolean deleted, int size, Map<InstanceState, Integer> states) {
    int gone = states.getOrDefault(InstanceState.DELETED, 0);
    if (deleted) {
      return gone == size ? State.DELETED : State.DELETING;
    }
    int running = states.getOrDefault(InstanceState.RUNNING, 0);
    if (running == size) {
      return State.RUNNING;
    }
    int comingUp =
        states.entrySet().stream()
            .filter(e -> e.getKey().isComingUp())
            .mapToInt(Map.Entry::getValue)
            .sum();
    if (comingUp > 0 && comingUp + running == size) {
      return State.PROVISIONING;
    }
    return running + comingUp > 0 ? State.DEGRADED : State.STOPPED;
  }
}
