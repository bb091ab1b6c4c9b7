package dev.gpucloud.tenant.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.engine.GuaranteeRules.Overdraft;
import dev.gpucloud.tenant.engine.GuaranteeRules.Sum;
import dev.gpucloud.tenant.engine.QuotaRules.Key;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuaranteeRulesTest {
  private static final String MODEL = "b200";
  private static final TenantTree TREE =
      new TenantTree(
          Map.of(
              "group", new TenantTree.Node(TenantKind.GROUP, null),
              "hynix", new TenantTree.Node(TenantKind.SUBSIDIARY, "group"),
              "fab", new TenantTree.Node(TenantKind.SUBSIDIARY, "hynix"),
              "telecom", new TenantTree.Node(TenantKind.SUBSIDIARY, "group")));
  private final Map<Key, QuotaTerms> quotas = new LinkedHashMap<>();

  @Test
  void saysNothingOfACycleWhichIsRefusedForWhatItIs() {
    guarantee("group", 200, 100);
    guarantee("hynix", 200, 160);
    TenantTree cycle = TREE.with(Map.of("group", new TenantTree.Node(TenantKind.GROUP, "hynix")));

    assertThat(cycle.refusal("group")).isPresent();
    assertThat(GuaranteeRules.overdrafts(cycle, quotas)).isEmpty();
  }

  @Test
  void childrenMayBeGuaranteedAllTheParentIs() {
    guarantee("group", 200, 100);
    guarantee("hynix", 200, 60);
    guarantee("telecom", 200, 40);

    assertThat(overdrafts()).isEmpty();
  }

  @Test
  void namesTheParentItsGuaranteeAndTheSum() {
    guarantee("group", 200, 100);
    guarantee("hynix", 200, 60);
    guarantee("telecom", 200, 41);

    assertThat(overdrafts())
        .containsExactly(new Overdraft(Sum.CHILDREN, 101, new Key("group", MODEL), 100, false));
    assertThat(overdrafts().getFirst().detail())
        .isEqualTo(
            "101 GPUs of b200 guaranteed to all below together are above the guarantee 100 of"
                + " 'group'");
    assertThat(overdrafts().getFirst().detailForMember("hynix"))
        .isEqualTo(
            "what is guaranteed of b200 in the tenant's group would be above the 100 guaranteed of"
                + " the group");
  }

  @Test
  void withoutAGuaranteeOfItsOwnTheLimitIsToPromise() {
    quotas.put(new Key("group", MODEL), QuotaTerms.limit(100));
    guarantee("hynix", 100, 60);
    guarantee("telecom", 100, 60);

    assertThat(overdrafts())
        .containsExactly(new Overdraft(Sum.CHILDREN, 120, new Key("group", MODEL), 100, true));
  }

  @Test
  void aTenantWithoutAGuaranteeStandsForThoseBelowIt() {
    guarantee("group", 100, 100);
    guarantee("fab", 100, 60);
    guarantee("telecom", 100, 60);

    assertThat(overdrafts()).extracting(Overdraft::promisedGpus).containsExactly(120L);
  }

  @Test
  void projectsShareWithTheTenantsBelow() {
    guarantee("hynix", 100, 50);
    guarantee("fab", 100, 30);
    quotas.put(new Key("hynix", "prj_1", MODEL, ""), new QuotaTerms(null, 21, null));

    assertThat(overdrafts()).extracting(Overdraft::promisedGpus).containsExactly(51L);
  }

  @Test
  void sitesTogetherAreAtMostWhatIsGuaranteedOverAll() {
    guarantee("group", 100, 40);
    quotas.put(new Key("group", null, MODEL, "kr-ulsan-1"), new QuotaTerms(50, 30, null));
    quotas.put(new Key("group", null, MODEL, "kr-seoul-1"), new QuotaTerms(50, 11, null));

    assertThat(overdrafts())
        .containsExactly(new Overdraft(Sum.SITES, 41, new Key("group", MODEL), 40, false));
  }

  @Test
  void nobodyIsGuaranteedMoreThanTheLimit() {
    guarantee("group", 10, 11);

    assertThat(overdrafts())
        .containsExactly(new Overdraft(Sum.OWN, 11, new Key("group", MODEL), 10, true));
  }

  /** When every rule is kept, all guarantees can be used at once under every limit above. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whatIsAcceptedCanAllBeUsedAtOnce(long seed) {
    Random random = new Random(seed);
    List<String> tenants = List.of("group", "hynix", "fab", "telecom");
    int accepted = 0;
    for (int n = 0; n < 3_000; n++) {
      String tenant = tenants.get(random.nextInt(tenants.size()));
      Integer limit = random.nextInt(3) == 0 ? null : Integer.valueOf(random.nextInt(100));
      Integer guaranteed = random.nextInt(3) == 0 ? null : Integer.valueOf(random.nextInt(60));
      Key key = new Key(tenant, MODEL);
      QuotaTerms before = quotas.put(key, new QuotaTerms(limit, guaranteed, null));
      if (overdrafts().isEmpty()) {
        accepted++;
        assertThat(used("fab")).isLessThanOrEqualTo(used("hynix"));
        for (String each : tenants) {
          QuotaTerms terms = quotas.get(new Key(each, MODEL));
          if (terms != null && terms.limitGpus() != null) {
            assertThat(used(each)).isLessThanOrEqualTo(terms.limitGpus());
          }
        }
      } else if (before == null) {
        quotas.remove(key);
      } else {
        quotas.put(key, before);
      }
    }
    assertThat(accepted).isBetween(300, 2_900);
  }

  /** What counts at a tenant when all below it use just what they are guaranteed. */
  private int used(String tenant) {
    int below =
        switch (tenant) {
          case "group" -> used("hynix") + used("telecom");
          case "hynix" -> used("fab");
          default -> 0;
        };
    QuotaTerms terms = quotas.get(new Key(tenant, MODEL));
    int own = terms == null || terms.guaranteedGpus() == null ? 0 : terms.guaranteedGpus();
    return Math.max(below, own);
  }

  private void guarantee(String tenant, int limit, int guaranteed) {
    quotas.put(new Key(tenant, MODEL), new QuotaTerms(limit, guaranteed, null));
  }

  private List<Overdraft> overdrafts() {
    return GuaranteeRules.overdrafts(TREE, quotas);
  }
}
