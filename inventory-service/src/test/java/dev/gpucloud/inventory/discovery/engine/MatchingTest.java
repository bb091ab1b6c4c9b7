package dev.gpucloud.inventory.discovery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.HostDiscovery;
import dev.gpucloud.contracts.event.HostDiscovery.FoundGpu;
import dev.gpucloud.inventory.discovery.engine.Finding.Kind;
import dev.gpucloud.inventory.discovery.engine.Matching.Announced;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MatchingTest {
  private static final Announced HOST = new Announced("s", "h1", "b200", 2, false, Map.of());

  private static FoundGpu gpu(int position, String mark) {
    return gpu(position, mark, "b200", "OK");
  }

  private static FoundGpu gpu(int position, String mark, String model, String health) {
    return new FoundGpu(position, "GPU-" + mark, mark, model, null, "DISABLED", health);
  }

  private static List<Kind> kinds(Announced host, Map<String, String> elsewhere, FoundGpu... gpus) {
    return Matching.compare(host, found("s", gpus), elsewhere).stream().map(Finding::kind).toList();
  }

  private static HostDiscovery found(String site, FoundGpu... gpus) {
    return new HostDiscovery(site, "S1", 1, Instant.EPOCH, Arrays.asList(gpus));
  }

  @Test
  void findsNothingWhenTheHostIsAsAnnounced() {
    assertThat(kinds(HOST, Map.of(), gpu(1, "b"), gpu(0, "a"))).isEmpty();
  }

  @Test
  void namesEachDifference() {
    assertThat(kinds(HOST, Map.of(), gpu(0, "a"))).containsExactly(Kind.WRONG_GPU_COUNT);
    assertThat(kinds(HOST, Map.of(), gpu(0, "a"), gpu(1, "b", "h200", "OK")))
        .containsExactly(Kind.WRONG_GPU_MODEL);
    assertThat(kinds(HOST, Map.of(), gpu(0, "a"), gpu(1, "a"))).containsExactly(Kind.DUPLICATE_GPU);
    assertThat(kinds(HOST, Map.of("b", "h9"), gpu(0, "a"), gpu(1, "b")))
        .containsExactly(Kind.DUPLICATE_GPU);
    assertThat(kinds(HOST, Map.of(), gpu(0, "a"), gpu(1, "b", "b200", "FAILED")))
        .containsExactly(Kind.UNHEALTHY_GPU);
    assertThat(kinds(HOST, Map.of(), gpu(0, "a"), gpu(1, "b", "b200", "DEGRADED"))).isEmpty();
  }

  @Test
  void seesThatAGpuWasChanged() {
    Announced known = new Announced("s", "h1", "b200", 2, false, Map.of(0, "a", 1, "b"));
    assertThat(kinds(known, Map.of(), gpu(0, "a"), gpu(1, "c"))).containsExactly(Kind.GPU_CHANGED);
  }

  @Test
  void aHostOfAnotherSiteOrARetiredOneIsNamed() {
    assertThat(Matching.compare(HOST, found("t", gpu(0, "a"), gpu(1, "b")), Map.of()).getFirst())
        .isEqualTo(
            new Finding(Kind.OTHER_SITE, "Host h1 is announced for site s and was found at t."));
    assertThat(
            kinds(
                new Announced("s", "h1", "b200", 2, true, Map.of()),
                Map.of(),
                gpu(0, "a"),
                gpu(1, "b")))
        .containsExactly(Kind.RETIRED_HOST);
  }
}
