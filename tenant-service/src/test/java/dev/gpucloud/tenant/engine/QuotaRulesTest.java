package dev.gpucloud.tenant.engine;

import static dev.gpucloud.tenant.engine.TenantKind.GROUP;
import static dev.gpucloud.tenant.engine.TenantKind.SUBSIDIARY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.engine.QuotaRules.Excess;
import dev.gpucloud.tenant.engine.QuotaRules.Key;
import dev.gpucloud.tenant.engine.TenantTree.Node;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaRulesTest {
  private static final String B200 = "b200-sxm-180g";
  private static final TenantTree TREE =
      new TenantTree(
          Map.of(
              "group", new Node(GROUP, null),
              "company", new Node(SUBSIDIARY, "group"),
              "division", new Node(SUBSIDIARY, "company")));

  @Test
  void letsAChildHaveAsMuchAsItsAncestors() {
    assertThat(QuotaRules.excesses(TREE, limits(64, 64, 64))).isEmpty();
  }

  @Test
  void namesTheAncestorThatHasLess() {
    assertThat(QuotaRules.excesses(TREE, limits(64, 128, 32)))
        .containsExactly(new Excess(new Key("company", B200), 128, new Key("group", B200), 64));
  }

  @Test
  void looksPastAnAncestorWithoutALimitOfItsOwn() {
    assertThat(QuotaRules.excesses(TREE, limits(64, null, 65)))
        .containsExactly(new Excess(new Key("division", B200), 65, new Key("group", B200), 64));
  }

  @Test
  void bindsNobodyToAnAncestorWithoutARow() {
    Map<Key, Optional<Integer>> limits = Map.of(new Key("division", B200), Optional.of(1000));
    assertThat(QuotaRules.excesses(TREE, limits)).isEmpty();
  }

  @Test
  void ofOneLimitATenantWithoutARowHasNothing() {
    Key division = new Key("division", B200);
    Map<Key, Optional<Integer>> limits = new LinkedHashMap<>();
    limits.put(division, Optional.of(1));

    assertThat(QuotaRules.excessesOf(TREE, limits, division))
        .containsExactly(new Excess(division, 1, new Key("company", B200), 0, true));
    limits.put(division, Optional.of(0));
    assertThat(QuotaRules.excessesOf(TREE, limits, division)).isEmpty();
    limits.put(division, Optional.empty());
    assertThat(QuotaRules.excessesOf(TREE, limits, division)).isEmpty();
    limits.put(division, Optional.of(9));
    limits.put(new Key("company", B200), Optional.empty());
    assertThat(QuotaRules.excessesOf(TREE, limits, division)).isEmpty();
  }

  @Test
  void comparesTheSameModelOnly() {
    Map<Key, Optional<Integer>> limits =
        Map.of(
            new Key("group", "h200-sxm-141g"), Optional.of(0),
            new Key("company", B200), Optional.of(8));
    assertThat(QuotaRules.excesses(TREE, limits)).isEmpty();
  }

  @Test
  void bindsAProjectAndASiteToEveryLimitThatCountsThemToo() {
    Map<Key, Optional<Integer>> limits = new LinkedHashMap<>();
    Key atSite = new Key("company", "prj_1", B200, "kr-1");
    limits.put(atSite, Optional.of(10));
    limits.put(new Key("company", "prj_1", B200, ""), Optional.of(9));
    limits.put(new Key("company", null, B200, "kr-1"), Optional.of(8));
    limits.put(new Key("group", null, B200, "kr-1"), Optional.of(7));
    limits.put(new Key("group", null, B200, "kr-2"), Optional.of(1));
    limits.put(new Key("company", "prj_2", B200, ""), Optional.of(6));

    assertThat(QuotaRules.excesses(TREE, limits))
        .extracting(Excess::detail)
        .containsExactly(
            "10 GPUs of b200-sxm-180g for project prj_1 at kr-1 are above the 9 of project prj_1",
            "10 GPUs of b200-sxm-180g for project prj_1 at kr-1 are above the 8 of 'company' at"
                + " kr-1",
            "10 GPUs of b200-sxm-180g for project prj_1 at kr-1 are above the 7 of 'group' at kr-1",
            "8 GPUs of b200-sxm-180g for 'company' at kr-1 are above the 7 of 'group' at kr-1");
  }

  @Test
  void doesNotNameTheTenantAboveToAMember() {
    Key key = new Key("company", B200);

    assertThat(new Excess(key, 9, new Key("group", B200), 8).detailForMember())
        .isEqualTo("9 GPUs of b200-sxm-180g for 'company' are above the 8 of the tenant's group");
  }

  @Test
  void refusesNegativeAndAbsurdLimits() {
    assertThat(QuotaRules.limitRefusal(-1L)).isPresent();
    assertThat(QuotaRules.limitRefusal(0L)).isEmpty();
    assertThat(QuotaRules.limitRefusal(null)).isEmpty();
    assertThat(QuotaRules.limitRefusal(10_000_000L)).isEmpty();
    assertThat(QuotaRules.limitRefusal(10_000_001L)).isPresent();
    assertThat(QuotaRules.limitRefusal(Long.MAX_VALUE)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void findsExactlyThePairsThatASlowComparisonFinds(long seed) {
    var random = new Random(seed);
    var nodes = new HashMap<String, Node>();
    var limits = new HashMap<Key, Optional<Integer>>();
    for (int i = 0; i < 60; i++) {
      String parent = i == 0 || random.nextInt(5) == 0 ? null : "t" + random.nextInt(i);
      nodes.put("t" + i, new Node(SUBSIDIARY, parent));
      if (random.nextInt(4) > 0) {
        boolean limited = random.nextInt(5) > 0;
        limits.put(
            new Key("t" + i, B200), limited ? Optional.of(random.nextInt(100)) : Optional.empty());
      }
    }
    var slow = new HashMap<Key, Integer>();
    for (int i = 0; i < 60; i++) {
      Optional<Integer> own = limits.getOrDefault(new Key("t" + i, B200), Optional.empty());
      for (String at = nodes.get("t" + i).parent(); at != null; at = nodes.get(at).parent()) {
        Optional<Integer> above = limits.getOrDefault(new Key(at, B200), Optional.empty());
        if (own.isPresent() && above.isPresent() && own.get() > above.get()) {
          slow.merge(new Key("t" + i, at), 1, Integer::sum);
        }
      }
    }

    var found = QuotaRules.excesses(new TenantTree(nodes), limits);

    assertThat(found.stream().map(e -> new Key(e.key().tenant(), e.above().tenant())))
        .describedAs("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(slow.keySet());
  }

  private static Map<Key, Optional<Integer>> limits(
      Integer group, Integer company, Integer division) {
    return Map.of(
        new Key("group", B200), Optional.ofNullable(group),
        new Key("company", B200), Optional.ofNullable(company),
        new Key("division", B200), Optional.ofNullable(division));
  }
}
