package dev.gpucloud.inventory.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.inventory.quota.engine.Excess;
import dev.gpucloud.inventory.quota.engine.QuotaLimit;
import dev.gpucloud.inventory.quota.engine.QuotaLines;
import dev.gpucloud.inventory.quota.engine.QuotaScope;
import dev.gpucloud.inventory.quota.engine.Share;
import dev.gpucloud.inventory.quota.engine.Stock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be borrowed, and what a guarantee is worth meanwhile. */
class ShareTest {
  private static final Stock STOCK = new Stock("b200", QuotaLimit.ALL_SITES);
  private static final UUID PARENT = new UUID(1, 0);

  @Test
  void theCeilingIsTheLimitOrWhatIsGuaranteedAndMayBeBorrowed() {
    assertThat(new Share(100, null, null).ceilingGpus()).isEqualTo(100);
    assertThat(new Share(100, 40, null).ceilingGpus()).isEqualTo(100);
    assertThat(new Share(100, 40, 10).ceilingGpus()).isEqualTo(50);
    assertThat(new Share(100, 95, 10).ceilingGpus()).isEqualTo(100);
    assertThat(new Share(null, 40, 0).ceilingGpus()).isEqualTo(40);
    assertThat(new Share(null, null, null).ceilingGpus()).isNull();
  }

  @Test
  void whatIsBeyondTheGuaranteeIsBorrowedAndWhatIsBelowIsIdle() {
    Share share = new Share(100, 4, 2);

    assertThat(share.borrowedSlices(31)).isZero();
    assertThat(share.idleSlices(31)).isEqualTo(1);
    assertThat(share.borrowedSlices(40)).isEqualTo(8);
    assertThat(share.idleSlices(40)).isZero();
  }

  @Test
  void borrowsWhatASiblingLeavesIdleUpToItsBorrowLimitAndNeverAboveTheParents() {
    Family family = new Family(64, List.of(new Share(null, 32, 16), new Share(null, 32, null)));

    assertThat(family.take(0, 48)).isEmpty();
    assertThat(family.take(0, 1)).contains(new Excess(48 * 8, 48 * 8, 8, QuotaScope.PROJECT, null));
    assertThat(family.take(1, 16)).isEmpty();
    assertThat(family.take(1, 1)).contains(new Excess(64 * 8, 64 * 8, 8, QuotaScope.TENANT, null));
    family.give(0, 16);
    assertThat(family.take(1, 16)).isEmpty();
  }

  /** Whatever is taken and given back, in whatever order. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void borrowsOnlyWhatIsIdleAndOwesNoMoreThanWasBorrowed(long seed) {
    Random random = new Random(seed);
    int parent = 20 + random.nextInt(80);
    int left = parent;
    List<Share> shares = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      int guaranteed = random.nextInt(left + 1);
      left -= guaranteed;
      boolean lends = random.nextInt(3) > 0;
      shares.add(new Share(null, guaranteed, lends ? random.nextInt(30) : Integer.valueOf(0)));
    }
    Family family = new Family(parent, shares);
    for (int n = 0; n < 2_000; n++) {
      int child = random.nextInt(4);
      int gpus = 1 + random.nextInt(8);
      if (random.nextInt(3) == 0) {
        family.give(child, Math.min(gpus, (int) (family.used(child) / 8)));
        continue;
      }
      boolean refused = family.take(child, gpus).isPresent();
      family.check();
      long guaranteed = shares.get(child).guaranteedGpus() * 8L;
      if (refused && family.used(child) + gpus * 8L <= guaranteed) {
        assertThat(family.borrowedByOthers(child)).isPositive();
      }
    }
  }

  private static final class Family {
    private final int parentGpus;
    private final List<Share> shares;
    private final QuotaLines lines = new QuotaLines();

    Family(int parentGpus, List<Share> shares) {
      this.parentGpus = parentGpus;
      this.shares = shares;
      lines.put(key(PARENT), parentGpus * 8L, 0);
      for (int n = 0; n < shares.size(); n++) {
        lines.put(key(child(n)), QuotaLimit.slices(true, shares.get(n).ceilingGpus(), true), 0);
      }
    }

    static UUID child(int n) {
      return new UUID(0, n + 1L);
    }

    static QuotaLines.Key key(UUID scope) {
      return new QuotaLines.Key(scope, "b200", QuotaLimit.ALL_SITES);
    }

    long used(int n) {
      return lines.used(key(child(n)));
    }

    Optional<Excess> take(int n, int gpus) {
      return lines.charge(STOCK, List.of(child(n), PARENT), gpus * 8);
    }

    void give(int n, int gpus) {
      lines.credit(STOCK, List.of(child(n), PARENT), gpus * 8);
    }

    long borrowedByOthers(int n) {
      long borrowed = 0;
      for (int other = 0; other < shares.size(); other++) {
        borrowed += other == n ? 0 : shares.get(other).borrowedSlices(used(other));
      }
      return borrowed;
    }

    void check() {
      long all = 0;
      long borrowed = 0;
      long idle = 0;
      long guaranteed = 0;
      for (int n = 0; n < shares.size(); n++) {
        Share share = shares.get(n);
        all += used(n);
        borrowed += share.borrowedSlices(used(n));
        idle += share.idleSlices(used(n));
        guaranteed += share.guaranteedGpus() * 8L;
        assertThat(share.borrowedSlices(used(n))).isLessThanOrEqualTo(share.borrowLimitGpus() * 8L);
      }
      assertThat(all).isLessThanOrEqualTo(parentGpus * 8L).isEqualTo(lines.used(key(PARENT)));
      long promisedToNobody = parentGpus * 8L - guaranteed;
      assertThat(borrowed).isLessThanOrEqualTo(idle + promisedToNobody);
    }
  }
}
