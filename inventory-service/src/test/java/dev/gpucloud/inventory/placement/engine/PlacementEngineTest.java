package dev.gpucloud.inventory.placement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.inventory.placement.engine.Refusal.Alternative;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlacementEngineTest {
  private static final String MODEL = "b200-sxm-180g";
  private static final SiteFacts GASAN = new SiteFacts("gasan", "kr-seoul", "KR", 1, null);
  private static final SiteFacts ULSAN = new SiteFacts("ulsan", "kr-ulsan", "KR", 2, null);
  private static final SiteFacts CHEONGJU =
      new SiteFacts("cheongju", "kr-cheongju", "KR", 0, "sk-hynix");
  private static final SiteFacts OSAKA = new SiteFacts("osaka", "jp-osaka", "JP", 3, null);

  private final PoolView gasan = pool(GASAN, 2);
  private final PoolView ulsan = pool(ULSAN, 3);
  private final PoolView cheongju = pool(CHEONGJU, 1);
  private final PoolView osaka = pool(OSAKA, 1);
  private final PoolView rtx =
      new PoolView(GASAN, "rtxpro6000-96g", new PoolIndex(Fleets.RTX, Fleets.empty(4, 8)));
  private final List<PoolView> fleet = List.of(gasan, ulsan, cheongju, osaka, rtx);

  private static PoolView pool(SiteFacts site, int hosts) {
    return new PoolView(site, MODEL, new PoolIndex(Fleets.B200, Fleets.empty(hosts, 8)));
  }

  private static Shape gpus(int n) {
    return Shape.wholeGpus(n, 28 * n, 224 * n);
  }

  private static Demand demand(
      String tenant, @Nullable String site, @Nullable String country, int minCsapRank) {
    return new Demand(tenant, MODEL, gpus(8), site, country, minCsapRank);
  }

  @Test
  void triesTheDedicatedSiteFirstAndThenSitesById() {
    Demand demand = demand("sk-hynix", null, null, 0);
    List<PoolView> shuffled = new ArrayList<>(fleet);
    for (long seed = 0; seed < 20; seed++) {
      Collections.shuffle(shuffled, new Random(seed));
      assertThat(PlacementEngine.candidates(demand, shuffled))
          .containsExactly(cheongju, gasan, osaka, ulsan);
    }
  }

  @Test
  void neverOffersAnotherTenantsSite() {
    assertThat(PlacementEngine.candidates(demand("hanbit", null, null, 0), fleet))
        .containsExactly(gasan, osaka, ulsan);
  }

  @Test
  void holdsResidencyAndCsapZoneAsHardRules() {
    assertThat(PlacementEngine.candidates(demand("seoul", null, "KR", 1), fleet))
        .containsExactly(gasan, ulsan);
    assertThat(PlacementEngine.candidates(demand("seoul", "gasan", "KR", 2), fleet)).isEmpty();
  }

  @Test
  void explainsARefusalConstraintByConstraint() {
    while (gasan.index().place(gpus(8)).isPresent()) {}
    gasan.index().release(new Slot(Fleets.host(1), 0xFFFF, 56, 448));
    Demand demand = demand("sk-telecom", "gasan", "KR", 1);
    var types =
        List.of(
            new OfferedType("b200.1x", MODEL, gpus(1)),
            new OfferedType("b200.2x", MODEL, gpus(2)),
            new OfferedType("b200.4x", MODEL, gpus(4)),
            new OfferedType("rtx.1x", "rtxpro6000-96g", gpus(1)));
    var deliveries =
        List.of(
            delivery("dlv-late", ULSAN, 8, "2027-12-15"),
            delivery("dlv-soon", ULSAN, 8, "2027-03-31"),
            delivery("dlv-foreign", CHEONGJU, 8, "2026-12-01"),
            delivery("dlv-small-hosts", ULSAN, 4, "2026-12-02"));

    Refusal refusal = PlacementEngine.refuse(demand, fleet, types, deliveries);

    assertThat(refusal.hosts()).isEqualTo(11);
    assertThat(refusal.removed())
        .containsOnly(
            entry(Constraint.MODEL, 4), entry(Constraint.SITE, 5), entry(Constraint.GPUS, 2));
    assertThat(refusal.alternatives())
        .containsExactly(
            new Alternative.SmallerType("b200.2x", 1),
            new Alternative.SmallerType("b200.1x", 2),
            new Alternative.OtherSite("ulsan", 3),
            new Alternative.Later("dlv-soon", "ulsan", LocalDate.parse("2027-03-31"), 80),
            new Alternative.Later("dlv-late", "ulsan", LocalDate.parse("2027-12-15"), 80));
  }

  @Test
  void aClusterOfSlicesWaitsForADeliveryWhoseDomainHoldsThemAll() {
    ExpectedDelivery racks =
        new ExpectedDelivery("d", GASAN, MODEL, 36, 4, 18, 4, 72, LocalDate.parse("2027-01-01"));
    Shape slice = Shape.slice(Fleets.B200.profile("1g.23gb").orElseThrow(), 1, 1);
    ClusterShape inOneDomain =
        ClusterShape.of(slice, 504).within(Level.NVLINK_DOMAIN, Strength.REQUIRED);

    assertThat(racks.takes(inOneDomain)).isTrue();
    assertThat(racks.takes(inOneDomain.withInstances(505))).isFalse();
    assertThat(racks.takes(inOneDomain.withInstances(19).oneInstancePerHost())).isFalse();
  }

  @Test
  void aDateThatHasPassedIsNoPromise() {
    LocalDate due = LocalDate.parse("2027-03-31");
    Alternative first = new Alternative.Later("dlv-1", "ulsan", due, 80);
    Alternative second = new Alternative.Later("dlv-2", "ulsan", due.plusDays(1), 40);
    Refusal refusal = new Refusal(0, Map.of(), List.of(first, second));

    assertThat(refusal.asOf(at(due))).isEqualTo(refusal);
    assertThat(refusal.asOf(at(due.plusDays(1))).alternatives())
        .containsExactly(second, new Alternative.Overdue("dlv-1", "ulsan", due, 80));
  }

  @Test
  void workThatIsOverByTheClockHasGivenNothingBack() {
    Instant ends = at(LocalDate.parse("2027-03-31"));
    Refusal refusal =
        new Refusal(0, Map.of(), List.of(new Alternative.Returning("ulsan", ends, 1)));

    assertThat(refusal.asOf(ends.minusSeconds(1))).isEqualTo(refusal);
    assertThat(refusal.asOf(ends).alternatives()).isEmpty();
  }

  private static Instant at(LocalDate day) {
    return day.atStartOfDay(BillingMonth.ZONE).toInstant();
  }

  private static ExpectedDelivery delivery(String id, SiteFacts site, int gpus, String due) {
    return new ExpectedDelivery(id, site, MODEL, 10, gpus, 4, 64, 8, LocalDate.parse(due));
  }

  @Test
  void countsEveryHostUnderExactlyOneConstraint() {
    for (String tenant : List.of("sk-hynix", "hanbit")) {
      for (int rank = 0; rank <= 3; rank++) {
        Refusal refusal =
            PlacementEngine.refuse(
                new Demand(tenant, MODEL, Shape.wholeGpus(8, 225, 1), null, "KR", rank),
                fleet,
                List.of(),
                List.of());
        assertThat(refusal.removed().values().stream().mapToInt(Integer::intValue).sum())
            .isEqualTo(refusal.hosts());
      }
    }
  }
}
