package dev.gpucloud.agent.kafka;

import dev.gpucloud.agent.engine.Phase;
import dev.gpucloud.agent.engine.SiteEngine;
import dev.gpucloud.agent.engine.Snapshot;
import dev.gpucloud.agent.http.Metrics;
import java.util.function.Supplier;

/** The figures of one site. */
final class SiteMetrics {
  private final Metrics metrics;
  private final String site;

  SiteMetrics(Metrics metrics, String site, Supplier<Snapshot> state, SiteEngine engine) {
    this.metrics = metrics;
    this.site = site;
    for (Phase phase : Phase.values()) {
      metrics.gauge(
          "gpucloud_agent_runs",
          "Runs known to the agent, by phase.",
          labels("phase", phase.name()),
          () -> state.get().runs().stream().filter(run -> run.phase() == phase).count());
    }
    metrics.gauge(
        "gpucloud_agent_reports_unsent",
        "Reports on disk that Kafka has not acknowledged.",
        labels(),
        () -> state.get().unsent().size());
    metrics.gauge(
        "gpucloud_agent_slot_waits",
        "Runs that had to wait for slots still held by another run, since the start.",
        labels(),
        engine::slotWaits);
  }

  void order(String outcome) {
    metrics.count(
        "gpucloud_agent_orders_total", "Orders read, by outcome.", labels("outcome", outcome), 1);
  }

  void reported(int count) {
    metrics.count(
        "gpucloud_agent_reports_total", "Reports acknowledged by Kafka.", labels(), count);
  }

  void beaten() {
    metrics.count(
        "gpucloud_agent_heartbeat_rounds_total",
        "Rounds of heartbeats acknowledged by Kafka.",
        labels(),
        1);
  }

  private String labels() {
    return "site=\"" + site + "\"";
  }

  private String labels(String name, String value) {
    return labels() + "," + name + "=\"" + value + "\"";
  }
}
