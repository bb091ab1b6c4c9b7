package dev.gpucloud.inventory.placement.engine.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShareDemandTest {
  @Test
  void keepsTheMostFrequentShapesThatMakeUpNinetyFivePerCent() {
    List<ShareRequest> requests = new ArrayList<>();
    requests.addAll(Collections.nCopies(70, Shares.share(1, 500)));
    requests.addAll(Collections.nCopies(25, Shares.whole(1, 1)));
    requests.addAll(Collections.nCopies(5, Shares.whole(1, 8)));
    assertThat(ShareDemand.of(requests).shapes())
        .containsExactly(
            new ShareDemand.Shape(Shares.share(1, 500), 70 / 95.0),
            new ShareDemand.Shape(Shares.whole(1, 1), 25 / 95.0));
  }

  @Test
  void mayIgnoreMemory() {
    ShareRequest small = new ShareRequest(1000, 1, 1, 500, Set.of());
    ShareRequest large = new ShareRequest(1000, 2, 1, 500, Set.of());
    assertThat(ShareDemand.of(List.of(small, large)).shapes()).hasSize(2);
    assertThat(ShareDemand.ignoringMemory(List.of(small, large)).shapes()).hasSize(1);
  }

  @Test
  void hasALimitWhateverIsAskedFor() {
    Random random = new Random(1);
    List<ShareRequest> requests = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      int milli = 1 + random.nextInt(1000);
      requests.add(
          new ShareRequest(random.nextInt(90_000), random.nextInt(900_000), 1, milli, Set.of()));
    }
    List<ShareDemand.Shape> shapes = ShareDemand.atMost(96, requests).shapes();
    assertThat(shapes).hasSizeBetween(2, 96);
    assertThat(shapes.stream().mapToDouble(ShareDemand.Shape::chance).sum())
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void theOrderOfRequestsDoesNotMatter() {
    List<ShareRequest> requests = Shares.randomRequests(new Random(3), 200, 30);
    List<ShareRequest> shuffled = new ArrayList<>(requests);
    Collections.shuffle(shuffled, new Random(4));
    assertThat(ShareDemand.of(shuffled)).isEqualTo(ShareDemand.of(requests));
  }
}
