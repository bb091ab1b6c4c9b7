package dev.gpucloud.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.agent.fixture.ManualClock;
import dev.gpucloud.agent.simulated.SimulatedHardware;
import dev.gpucloud.agent.simulated.SimulatedHardwareSettings;
import dev.gpucloud.contracts.event.BurnInReport;
import dev.gpucloud.contracts.event.HostDiscovery;
import dev.gpucloud.contracts.event.HostOrderFact;
import dev.gpucloud.contracts.id.HostId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HostEngineTest {
  private static final Instant START = Instant.parse("2027-03-31T00:00:00Z");

  private final ManualClock clock = new ManualClock(START);

  private HostEngine engine(double missing, double wrong, double weak) {
    return new HostEngine(
        "kr-1",
        new SimulatedHardware(
            new SimulatedHardwareSettings(
                42, Duration.ofSeconds(1), Duration.ofSeconds(5), missing, wrong, weak),
            clock,
            clock),
        clock,
        clock);
  }

  private static HostOrderFact order(int n, String desired, long sequence) {
    return new HostOrderFact(
        "kr-1", new HostId(new UUID(0, n)), "S" + n, "b200-sxm-180g", 8, desired, sequence, START);
  }

  private List<HostReport> after(HostEngine engine, int seconds) {
    clock.advance(Duration.ofSeconds(seconds));
    engine.converge();
    List<HostReport> reports = new ArrayList<>(engine.unsent());
    engine.sent(reports.size());
    return reports;
  }

  @Test
  void findsTheHostThatItIsToldToLookFor() {
    HostEngine engine = engine(0, 0, 0);

    assertThat(engine.apply(order(1, HostOrderFact.SEEN, 1))).isEqualTo(Applied.ACCEPTED);
    assertThat(after(engine, 0)).isEmpty();
    List<HostReport> reports = after(engine, 1);

    HostDiscovery found = ((HostReport.Discovered) reports.getFirst()).data();
    assertThat(found.serial()).isEqualTo("S1");
    assertThat(found.site()).isEqualTo("kr-1");
    assertThat(found.at()).isEqualTo(START.plusSeconds(1));
    assertThat(found.gpus()).hasSize(8).allMatch(gpu -> gpu.model().equals("b200-sxm-180g"));
    assertThat(found.gpus().stream().map(HostDiscovery.FoundGpu::uuid).distinct()).hasSize(8);
    assertThat(reports).hasSize(1);
  }

  @Test
  void answersARepeatedOrderAgainWithANewerLookAndTheSameFacts() {
    HostEngine engine = engine(0, 0, 0);
    engine.apply(order(1, HostOrderFact.SEEN, 1));
    assertThat(engine.apply(order(1, HostOrderFact.SEEN, 1))).isEqualTo(Applied.REPEATED);
    HostDiscovery first = ((HostReport.Discovered) after(engine, 1).getFirst()).data();

    engine.apply(order(1, HostOrderFact.SEEN, 1));
    HostDiscovery second = ((HostReport.Discovered) after(engine, 1).getFirst()).data();

    assertThat(second.reportSequence()).isGreaterThan(first.reportSequence());
    assertThat(second.gpus()).isEqualTo(first.gpus());
  }

  @Test
  void burnsInWhatItIsToldToAndIgnoresOlderOrders() {
    HostEngine engine = engine(0, 0, 0);
    engine.apply(order(1, HostOrderFact.SEEN, 1));
    engine.apply(order(1, HostOrderFact.BURNED_IN, 2));

    assertThat(engine.apply(order(1, HostOrderFact.SEEN, 1))).isEqualTo(Applied.STALE_SEQUENCE);
    assertThat(after(engine, 1)).isEmpty();
    BurnInReport report = ((HostReport.BurnedIn) after(engine, 4).getFirst()).data();
    assertThat(report.orderSequence()).isEqualTo(2);
    assertThat(report.startedAt()).isEqualTo(START);
    assertThat(report.finishedAt()).isEqualTo(START.plusSeconds(5));
    assertThat(report.gpus())
        .hasSize(8)
        .allMatch(gpu -> gpu.gemmTflops().compareTo(BigDecimal.valueOf(1600)) > 0);
  }

  @Test
  void theSeedSaysWhichHostsAreMissingWrongOrWeak() {
    assertThat(found(engine(0.3, 0, 0))).isEqualTo(found(engine(0.3, 0, 0)));
    assertThat(found(engine(0.3, 0, 0))).hasSizeBetween(1, 39);
    assertThat(found(engine(1, 0, 0))).isEmpty();
    HostEngine wrong = engine(0, 1, 0);
    wrong.apply(order(1, HostOrderFact.SEEN, 1));
    assertThat(((HostReport.Discovered) after(wrong, 1).getFirst()).data().gpus()).hasSize(7);
    HostEngine weak = engine(0, 0, 1);
    weak.apply(order(1, HostOrderFact.BURNED_IN, 1));
    assertThat(((HostReport.BurnedIn) after(weak, 5).getFirst()).data().gpus())
        .filteredOn(gpu -> gpu.gemmTflops().compareTo(BigDecimal.valueOf(1000)) < 0)
        .hasSize(1);
  }

  private List<String> found(HostEngine engine) {
    IntStream.range(0, 40).forEach(n -> engine.apply(order(n, HostOrderFact.SEEN, 1)));
    return after(engine, 1).stream()
        .map(report -> ((HostReport.Discovered) report).data().serial())
        .sorted()
        .toList();
  }
}
