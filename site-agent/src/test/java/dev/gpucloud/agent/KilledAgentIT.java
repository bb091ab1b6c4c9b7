package dev.gpucloud.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.agent.fixture.Orders;
import dev.gpucloud.agent.fixture.SiteTopics;
import dev.gpucloud.agent.fixture.SiteTopics.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged agent as a process of its own, killed at bad moments. */
class KilledAgentIT {
  private static final int RUNS = 24;

  @TempDir Path folder;

  @Test
  void losesNothingWhenKilledWhileInstancesBootAndRelease() throws Exception {
    try (SiteTopics topics = new SiteTopics()) {
      List<Orders> all = IntStream.range(0, RUNS).mapToObj(KilledAgentIT::orders).toList();
      Process agent = start(topics);
      all.forEach(orders -> topics.issue(orders.running(1)));
      topics.awaitReports(seen -> count(seen, "BOOTING") >= RUNS / 2);
      kill(agent);

      agent = start(topics);
      topics.awaitReports(seen -> count(seen, "RUNNING") >= RUNS / 2);
      kill(agent);
      all.forEach(orders -> topics.issue(orders.absent(2)));

      agent = start(topics);
      try {
        List<Seen> reports = topics.awaitReports(seen -> distinct(seen, "RELEASED") == RUNS);
        assertEachIdHasOneContent(reports);
        assertThat(distinct(reports, "BOOTING")).isEqualTo(RUNS);
      } finally {
        kill(agent);
      }
    }
  }

  private Process start(SiteTopics topics) throws IOException {
    String root = System.getProperty("gpucloud.root");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-jar",
                Path.of(root, "site-agent", "target", "site-agent.jar").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("agent.log").toFile()));
    builder.environment().putAll(topics.environment());
    builder.environment().put("GPUCLOUD_AGENT_STATE_DIR", folder.resolve("state").toString());
    return builder.start();
  }

  private static void kill(Process agent) throws InterruptedException {
    agent.destroyForcibly().waitFor();
  }

  private static Orders orders(int run) {
    return Orders.of(run % 3, run, run).slots(Long.toHexString(1L << run));
  }

  private static void assertEachIdHasOneContent(List<Seen> reports) {
    Map<String, Seen> byId = new HashMap<>();
    for (Seen report : reports) {
      Seen before = byId.putIfAbsent(report.id(), report);
      assertThat(before == null || before.equals(report)).isTrue();
    }
  }

  private static long count(List<Seen> reports, String observed) {
    return reports.stream().filter(seen -> seen.observed().equals(observed)).count();
  }

  private static long distinct(List<Seen> reports, String observed) {
    return reports.stream()
        .filter(seen -> seen.observed().equals(observed))
        .map(Seen::id)
        .distinct()
        .count();
  }
}
