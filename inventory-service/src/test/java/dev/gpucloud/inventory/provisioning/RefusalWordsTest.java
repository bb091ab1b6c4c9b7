package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.inventory.placement.engine.Constraint.CLUSTER_DOMAIN;
import static dev.gpucloud.inventory.placement.engine.Constraint.CSAP_ZONE;
import static dev.gpucloud.inventory.placement.engine.Constraint.DEDICATED_HOST;
import static dev.gpucloud.inventory.placement.engine.Constraint.DEDICATION;
import static dev.gpucloud.inventory.placement.engine.Constraint.FABRIC_SIZE;
import static dev.gpucloud.inventory.placement.engine.Constraint.GPUS;
import static dev.gpucloud.inventory.placement.engine.Constraint.HOST_STATE;
import static dev.gpucloud.inventory.placement.engine.Constraint.MODEL;
import static dev.gpucloud.inventory.placement.engine.Constraint.SITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.inventory.placement.engine.Anchor;
import dev.gpucloud.inventory.placement.engine.Constraint;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.inventory.placement.engine.Level;
import dev.gpucloud.inventory.placement.engine.Refusal;
import dev.gpucloud.inventory.placement.engine.Refusal.Alternative;
import dev.gpucloud.inventory.placement.engine.Shape;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusalWordsTest {
  private static final Demand ANYWHERE =
      new Demand("t", "b200", Shape.wholeGpus(8, 224, 1792), null, null, 0);
  private static final Demand AT_ULSAN =
      new Demand("t", "b200", Shape.wholeGpus(8, 224, 1792), "kr-ulsan-1", null, 0);
  private static final Alternative LATER =
      new Alternative.Later("dlv-1", "kr-ulsan-1", LocalDate.of(2027, 3, 1), 4096);

  private static String words(
      Demand demand, int hosts, Map<Constraint, Integer> removed, Alternative... alternatives) {
    return RefusalWords.of("b200.8x", demand, new Refusal(hosts, removed, List.of(alternatives)));
  }

  @Test
  void saysThatNoHostOfTheModelIsThereYetAndWhenOneComes() {
    assertThat(words(ANYWHERE, 20, Map.of(MODEL, 20), LATER))
        .isEqualTo(
            "There are no hosts with b200 yet. What would do: 4096 more GPUs at kr-ulsan-1, due"
                + " 2027-03-01.");
    assertThat(words(ANYWHERE, 20, Map.of(MODEL, 20)))
        .isEqualTo(
            "There are no hosts with b200 yet. Nothing else of the model would fit, no delivery is"
                + " expected that would take it, and no planned work ends that would make room.");
  }

  @Test
  void promisesNoDateThatHasPassed() {
    Alternative overdue =
        new Alternative.Overdue("dlv-1", "kr-ulsan-1", LocalDate.of(2026, 3, 1), 4096);

    assertThat(words(ANYWHERE, 20, Map.of(MODEL, 20), overdue))
        .endsWith(
            "What would do: 4096 more GPUs at kr-ulsan-1, overdue since 2026-03-01 without a new"
                + " date.");
  }

  @Test
  void saysThatTheSiteHasNone() {
    assertThat(
            words(
                AT_ULSAN,
                20,
                Map.of(MODEL, 12, SITE, 8),
                new Alternative.OtherSite("kr-gasan-1", 3)))
        .isEqualTo(
            "Site kr-ulsan-1 has no hosts with b200. Of 8 hosts with b200, 8 stand at other sites."
                + " What would do: 3 of it at kr-gasan-1.");
  }

  @Test
  void saysThatTheTenantsRulesRuleEverythingOut() {
    assertThat(words(ANYWHERE, 9, Map.of(MODEL, 1, DEDICATION, 3, CSAP_ZONE, 5), LATER))
        .startsWith(
            "No site with b200 is open to the tenant. Of 8 hosts with b200, 3 stand at sites"
                + " dedicated to others; 5 stand in a CSAP zone below that of the tenant's residency.");
  }

  @Test
  void saysThatItIsLargerThanAnyFabric() {
    assertThat(
            RefusalWords.of(
                "512 instances of b200.8x placed together",
                AT_ULSAN,
                new Refusal(
                    1026,
                    Map.of(FABRIC_SIZE, 1024, HOST_STATE, 2),
                    List.of(new Alternative.FewerInstances("kr-ulsan-1", Level.FABRIC, 256)))))
        .isEqualTo(
            "No fabric of site kr-ulsan-1 holds 512 instances of b200.8x placed together even when"
                + " it is empty. Of 1026 hosts with b200, 2 take nothing new (cordoned, draining, in"
                + " maintenance or out of reach); 1024 are in a fabric that is too small even when"
                + " empty. What would do: 256 instances in one fabric of kr-ulsan-1.");
  }

  @Test
  void listsThreeThingsThatWouldDoAndSaysThatThereAreMore() {
    Demand alone = ANYWHERE.standing(null, true);

    assertThat(
            words(
                alone,
                4,
                Map.of(GPUS, 3, DEDICATED_HOST, 1),
                new Alternative.Relaxed(Refusal.Wish.DEDICATION, 1),
                new Alternative.SmallerType("b200.4x", 2),
                new Alternative.OtherSite("kr-gasan-1", 3),
                LATER))
        .isEqualTo(
            "No site that the tenant may use has room for b200.8x now. Of 4 hosts with b200, 1 are"
                + " shared or dedicated to others; 3 have too few free GPUs. What would do: 1 of it"
                + " without dedication; 2 of b200.4x; 3 of it at kr-gasan-1; more in"
                + " params.alternatives.");
  }

  @Test
  void saysWhenRoomComesBackHoweverMuchElseWouldDo() {
    Alternative back =
        new Alternative.Returning("kr-ulsan-1", Instant.parse("2027-04-10T21:00:00Z"), 4);
    String expected =
        "No site that the tenant may use has room for b200.8x now. Of 4 hosts with b200, 4 take"
            + " nothing new (cordoned, draining, in maintenance or out of reach). What would do: ";

    assertThat(words(ANYWHERE, 4, Map.of(HOST_STATE, 4), back, LATER))
        .isEqualTo(
            expected
                + "4 of it at kr-ulsan-1 from 2027-04-10T21:00:00Z, when planned maintenance ends;"
                + " 4096 more GPUs at kr-ulsan-1, due 2027-03-01.");
    assertThat(
            words(
                ANYWHERE,
                4,
                Map.of(HOST_STATE, 4),
                new Alternative.SmallerType("b200.4x", 2),
                new Alternative.SmallerType("b200.2x", 4),
                new Alternative.SmallerType("b200.1x", 8),
                back))
        .isEqualTo(
            expected
                + "2 of b200.4x; 4 of b200.2x; 4 of it at kr-ulsan-1 from 2027-04-10T21:00:00Z, when"
                + " planned maintenance ends; more in params.alternatives.");
  }

  @Test
  void ofReturnsItNamesThatAtTheSiteAskedFor() {
    Instant first = Instant.parse("2027-04-10T21:00:00Z");

    assertThat(
            words(
                AT_ULSAN,
                2,
                Map.of(HOST_STATE, 2),
                new Alternative.OtherSite("kr-gasan-1", 3),
                new Alternative.OtherSite("kr-incheon-1", 3),
                new Alternative.Returning("kr-gasan-2", first, 2),
                new Alternative.Returning("kr-ulsan-1", first.plusSeconds(3600), 2)))
        .endsWith(
            "What would do: 3 of it at kr-gasan-1; 3 of it at kr-incheon-1; 2 of it at kr-ulsan-1"
                + " from 2027-04-10T22:00:00Z, when planned maintenance ends; more in"
                + " params.alternatives.");
  }

  @Test
  void namesTheDomainThatTheClusterHoldsItTo() {
    Anchor inRack = new Anchor("kr-ulsan-1", Level.RACK, "r0065", List.of(Level.RACK));
    Anchor around =
        new Anchor("kr-ulsan-1", Level.NVLINK_DOMAIN, "r0065-n1", List.of(Level.FABRIC));

    assertThat(words(ANYWHERE.heldTo(inRack), 20, Map.of(CLUSTER_DOMAIN, 12, HOST_STATE, 8)))
        .isEqualTo(
            "Rack r0065 has no room for b200.8x now, and it must stay where its cluster is. Of 20"
                + " hosts with b200, 12 stand outside rack r0065; 8 take nothing new (cordoned,"
                + " draining, in maintenance or out of reach). Nothing else of the model would fit,"
                + " no delivery is expected that would take it, and no planned work ends that would"
                + " make room.");
    assertThat(words(ANYWHERE.heldTo(around), 20, Map.of(CLUSTER_DOMAIN, 12, GPUS, 8)))
        .startsWith("The fabric of NVLink domain r0065-n1 has no room for b200.8x now");
  }
}
