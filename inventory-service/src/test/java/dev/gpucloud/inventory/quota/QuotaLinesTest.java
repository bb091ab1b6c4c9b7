package dev.gpucloud.inventory.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.inventory.quota.engine.Excess;
import dev.gpucloud.inventory.quota.engine.QuotaLimit;
import dev.gpucloud.inventory.quota.engine.QuotaLines;
import dev.gpucloud.inventory.quota.engine.QuotaLines.Key;
import dev.gpucloud.inventory.quota.engine.QuotaScope;
import dev.gpucloud.inventory.quota.engine.Stock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaLinesTest {
  private static final Stock HERE = new Stock("b200", "here");
  private static final Stock THERE = new Stock("b200", "there");
  private static final UUID PROJECT = new UUID(0, 1);
  private static final UUID TENANT = new UUID(0, 2);
  private static final UUID GROUP = new UUID(0, 3);
  private static final List<UUID> SCOPES = List.of(PROJECT, TENANT, GROUP);

  private static Key key(UUID scope, String site) {
    return new Key(scope, "b200", site);
  }

  private static QuotaLines unlimited() {
    QuotaLines lines = new QuotaLines();
    for (UUID scope : SCOPES) {
      for (String site : List.of(QuotaLimit.ALL_SITES, "here", "there")) {
        lines.put(key(scope, site), QuotaLimit.UNLIMITED, 0);
      }
    }
    return lines;
  }

  @Test
  void countsAtEveryScopeOverAllSitesAndAtTheSite() {
    QuotaLines lines = unlimited();

    assertThat(lines.charge(HERE, SCOPES, 8)).isEmpty();
    assertThat(lines.charge(THERE, SCOPES, 4)).isEmpty();

    assertThat(lines.used(key(GROUP, QuotaLimit.ALL_SITES))).isEqualTo(12);
    assertThat(lines.used(key(PROJECT, "here"))).isEqualTo(8);
    assertThat(lines.used(key(TENANT, "there"))).isEqualTo(4);
  }

  @Test
  void namesTheNearestLimitThatDoesNotSufficeAndCountsNothing() {
    QuotaLines lines = unlimited();
    lines.put(key(TENANT, "here"), 8, 8);
    lines.put(key(GROUP, QuotaLimit.ALL_SITES), 8, 8);

    assertThat(lines.charge(HERE, SCOPES, 4))
        .contains(new Excess(8, 8, 4, QuotaScope.TENANT, "here"));
    assertThat(lines.charge(THERE, SCOPES, 4))
        .contains(new Excess(8, 8, 4, QuotaScope.GROUP, null));
    assertThat(lines.changed()).isEmpty();
  }

  @Test
  void aScopeThatWasNeverReadHasNothingToUse() {
    assertThat(new QuotaLines().charge(HERE, List.of(PROJECT), 1))
        .contains(new Excess(0, 0, 1, QuotaScope.PROJECT, null));
  }

  @Test
  void afterLoweringNothingIsFreeAndGivingBackStillWorks() {
    QuotaLines lines = unlimited();
    lines.put(key(TENANT, QuotaLimit.ALL_SITES), 8, 24);

    Excess excess = lines.charge(HERE, SCOPES, 1).orElseThrow();
    lines.credit(HERE, SCOPES, 16);

    assertThat(excess.freeSlices()).isZero();
    assertThat(lines.used(key(TENANT, QuotaLimit.ALL_SITES))).isEqualTo(8);
  }

  @Test
  void aHugeRequestDoesNotOverflow() {
    QuotaLines lines = unlimited();
    lines.put(key(GROUP, "here"), QuotaLimit.UNLIMITED, Long.MAX_VALUE - 1);

    assertThat(lines.charge(HERE, SCOPES, Integer.MAX_VALUE)).isPresent();
  }

  /** Against a list of what is held: every limit is looked at anew for each request. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithCountingAllThatIsHeld(long seed) {
    Random random = new Random(seed);
    Map<Key, Long> limits = new HashMap<>();
    QuotaLines lines = new QuotaLines();
    for (UUID scope : SCOPES) {
      for (String site : List.of(QuotaLimit.ALL_SITES, "here", "there")) {
        long limit = random.nextInt(3) == 0 ? QuotaLimit.UNLIMITED : random.nextInt(200);
        limits.put(key(scope, site), limit);
        lines.put(key(scope, site), limit, 0);
      }
    }
    record Held(Stock stock, List<UUID> scopes, int slices) {}
    List<Held> held = new ArrayList<>();
    for (int n = 0; n < 500; n++) {
      if (!held.isEmpty() && random.nextInt(3) == 0) {
        Held gone = held.remove(random.nextInt(held.size()));
        lines.credit(gone.stock(), gone.scopes(), gone.slices());
        continue;
      }
      Stock stock = random.nextBoolean() ? HERE : THERE;
      List<UUID> scopes = random.nextBoolean() ? SCOPES : SCOPES.subList(1, 3);
      Held asked = new Held(stock, scopes, 1 + random.nextInt(16));
      List<Held> all = new ArrayList<>(held);
      all.add(asked);
      boolean fits =
          scopes.stream()
              .allMatch(
                  scope ->
                      List.of(QuotaLimit.ALL_SITES, stock.site()).stream()
                          .allMatch(
                              site ->
                                  all.stream()
                                          .filter(h -> h.scopes().contains(scope))
                                          .filter(
                                              h -> site.isEmpty() || h.stock().site().equals(site))
                                          .mapToLong(Held::slices)
                                          .sum()
                                      <= limits.get(key(scope, site))));
      Optional<Excess> refused = lines.charge(stock, scopes, asked.slices());
      assertThat(refused.isEmpty()).isEqualTo(fits);
      if (fits) {
        held.add(asked);
      }
    }
    held.forEach(h -> lines.credit(h.stock(), h.scopes(), h.slices()));
    assertThat(lines.changed()).isEmpty();
  }
}
