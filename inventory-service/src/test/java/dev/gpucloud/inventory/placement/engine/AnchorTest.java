package dev.gpucloud.inventory.placement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.gpucloud.inventory.placement.engine.Refusal.Alternative;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An instance of a cluster that is placed again stays where the cluster is. */
class AnchorTest {
  private static final SiteFacts GASAN = new SiteFacts("gasan", "kr-seoul", "KR", 1, null);
  private static final SiteFacts ULSAN = new SiteFacts("ulsan", "kr-ulsan", "KR", 1, null);
  private static final Shape HOST = Shape.wholeGpus(8, 224, 1792);

  /** Two fabrics of two racks of two hosts: 0 and 1 in r1, 2 and 3 in r2, 4 and 5 in r3, ... */
  private final PoolIndex index = new PoolIndex(Fleets.B200, hosts());

  private static List<HostSlots> hosts() {
    List<HostSlots> hosts = new ArrayList<>();
    for (int n = 0; n < 8; n++) {
      Location at = new Location("h", "f" + (n / 4 + 1), "r" + (n / 2 + 1), "");
      hosts.add(HostSlots.empty(Fleets.host(n), "host-" + n, at, 8, 224, 1792));
    }
    return hosts;
  }

  private static Demand at(Level level, String domain, Level... within) {
    return new Demand("t", "b200", HOST, null, null, 0)
        .heldTo(new Anchor("gasan", level, domain, List.of(within)));
  }

  private int place(Demand demand) {
    return index
        .place(demand.shape(), demand.terms())
        .map(slot -> (int) slot.host().value().getLeastSignificantBits())
        .orElse(-1);
  }

  private void close(int... hosts) {
    for (int host : hosts) {
      index.setOpen(Fleets.host(host), false);
    }
  }

  @Test
  void staysInItsRackAndIsRefusedWhenThatIsFullOrClosed() {
    Demand demand = at(Level.RACK, "r3", Level.RACK);

    assertThat(List.of(place(demand), place(demand))).containsExactlyInAnyOrder(4, 5);
    assertThat(place(demand)).isEqualTo(-1);
    assertThat(index.explain(HOST, demand.terms()).removed())
        .containsOnly(entry(Constraint.CLUSTER_DOMAIN, 6), entry(Constraint.GPUS, 2));
    close(4, 5);
    assertThat(index.explain(HOST, demand.terms()).removed())
        .containsOnly(entry(Constraint.CLUSTER_DOMAIN, 6), entry(Constraint.HOST_STATE, 2));
  }

  @Test
  void staysInTheFabricAroundTheRackWhereItsClusterHappenedToFit() {
    Demand demand = at(Level.RACK, "r3", Level.FABRIC);
    close(4, 5);

    assertThat(List.of(place(demand), place(demand))).containsExactlyInAnyOrder(6, 7);
    assertThat(place(demand)).isEqualTo(-1);
  }

  @Test
  void whatIsOnlyWishedForIsGivenUpStepByStep() {
    Demand demand = at(Level.RACK, "r3", Level.RACK, Level.FABRIC, Level.SITE);
    close(5);

    assertThat(place(demand)).isEqualTo(4);
    assertThat(List.of(place(demand), place(demand))).containsExactlyInAnyOrder(6, 7);
    assertThat(place(demand)).isBetween(0, 3);
    assertThat(index.placeable(HOST, demand.terms())).isEqualTo(3);
  }

  @Test
  void aHostCanBeADomainOfItsOwn() {
    Demand demand = at(Level.NVLINK_DOMAIN, "host-2", Level.NVLINK_DOMAIN);

    assertThat(place(demand)).isEqualTo(2);
    assertThat(place(demand)).isEqualTo(-1);
  }

  @Test
  void aDomainThatIsNoMoreTakesNothing() {
    Demand gone = at(Level.RACK, "r9", Level.RACK);

    assertThat(place(gone)).isEqualTo(-1);
    assertThat(index.explain(HOST, gone.terms()).removed())
        .containsOnly(entry(Constraint.CLUSTER_DOMAIN, 8));
  }

  @Test
  void isNotOfferedAnotherSiteNorADeliveryThatWillNotStandThere() {
    PoolView gasan = new PoolView(GASAN, "b200", index);
    PoolView ulsan = new PoolView(ULSAN, "b200", new PoolIndex(Fleets.B200, hosts()));
    List<ExpectedDelivery> coming =
        List.of(
            new ExpectedDelivery("d1", GASAN, "b200", 4, 8, 2, 2, 8, LocalDate.EPOCH),
            new ExpectedDelivery("d2", ULSAN, "b200", 4, 8, 2, 2, 8, LocalDate.EPOCH));
    close(0, 1, 2, 3, 4, 5, 6, 7);

    Refusal ofRack =
        PlacementEngine.refuse(
            at(Level.RACK, "r1", Level.RACK), List.of(gasan, ulsan), Set.of(), coming);
    Refusal ofSite =
        PlacementEngine.refuse(
            at(Level.SITE, "", Level.SITE), List.of(gasan, ulsan), Set.of(), coming);

    assertThat(ofRack.alternatives()).isEmpty();
    assertThat(ofRack.removed())
        .containsOnly(
            entry(Constraint.SITE, 8),
            entry(Constraint.CLUSTER_DOMAIN, 6),
            entry(Constraint.HOST_STATE, 2));
    assertThat(ofSite.alternatives())
        .containsExactly(new Alternative.Later("d1", "gasan", LocalDate.EPOCH, 32));
  }

  @Test
  void holdsAtNoNarrowerLevelThanItsCluster() {
    List<Level> rack = List.of(Level.RACK);

    assertThatThrownBy(() -> new Anchor("gasan", Level.FABRIC, "f1", rack))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
