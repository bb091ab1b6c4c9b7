package dev.gpucloud.benchmarks.packing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.inventory.placement.engine.share.ShareHost;
import dev.gpucloud.inventory.placement.engine.share.SharePolicyKind;
import dev.gpucloud.inventory.placement.engine.share.ShareRequest;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final ShareRequest SHARE = new ShareRequest(1000, 1, 1, 400, Set.of());
  private static final ShareRequest CPU = new ShareRequest(1000, 1, 0, 0, Set.of());

  private static Trace trace(int shares) {
    return new Trace(
        "t",
        List.of(new ShareHost("a", "", 64_000, 1000, 8), new ShareHost("b", "", 64_000, 1000, 2)),
        Stream.concat(Collections.nCopies(shares, SHARE).stream(), Stream.of(CPU)).toList());
  }

  private static long asked(Arrivals arrivals) {
    return arrivals.requests().stream().mapToLong(ShareRequest::totalMilli).sum();
  }

  @Test
  void fillsTheTraceUpToTheWantedShareOfTheFleet() {
    Arrivals arrivals = Arrivals.of(trace(3), 130, 1);
    assertThat(asked(arrivals)).isEqualTo(12_800);
  }

  @Test
  void thinsOutATraceThatAsksForMore() {
    assertThat(asked(Arrivals.of(trace(100), 130, 1))).isEqualTo(12_800);
  }

  @Test
  void isTheSameForTheSameSeedAndAnotherForAnother() {
    assertThat(Arrivals.of(trace(3), 130, 1)).isEqualTo(Arrivals.of(trace(3), 130, 1));
    assertThat(Arrivals.of(trace(3), 130, 1)).isNotEqualTo(Arrivals.of(trace(3), 130, 2));
  }

  @Test
  void readsAllocationWhenThatMuchHasArrived() {
    PackingRun run = PackingRun.of(trace(100), SharePolicyKind.BEST_FIT, 1, 130);
    // two shares of 400 fit on each of ten GPUs; everything is taken until none does
    assertThat(run.allocatedPct()[0]).isZero();
    assertThat(run.allocatedPct()[40]).isEqualTo(40);
    assertThat(run.allocatedPct()[42]).isEqualTo(40);
    assertThat(run.allocatedPct()[100]).isEqualTo(80);
    assertThat(run.allocatedPct()[130]).isEqualTo(80);
  }
}
