package dev.gpucloud.inventory.volume;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.event.VolumeReport;
import dev.gpucloud.inventory.report.SiteReportHandler;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.PoisonEventException;
import dev.gpucloud.kit.tx.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Takes in that a volume is gone: it is DELETED then. A report counts for the order that the volume
 * waits to have answered, from its own site.
 */
@ApplicationScoped
class VolumeReports implements SiteReportHandler {
  private static final Logger LOG = Logger.getLogger(VolumeReports.class);
  private static final String GONE =
      """
      update volume set state = 'DELETED', order_due_at = null,
        updated_at = greatest(updated_at, ?4), version = version + 1
      where id = ?1 and site_id = ?2 and state = 'DELETING' and order_sequence = ?3""";

  private final ObjectMapper json;
  private final MeterRegistry meters;

  VolumeReports(ObjectMapper json, MeterRegistry meters) {
    this.json = json;
    this.meters = meters;
  }

  @Override
  public String type() {
    return EventTypes.VOLUME_REPORTED;
  }

  @Override
  public Uni<Set<String>> accept(Mutiny.Session s, InboundEvent event) {
    VolumeReport report = checked(event.dataAs(json, VolumeReport.class));
    if (!event.topic().equals(Topics.reports(report.site()))) {
      refuse(report, "OTHER_SITE");
      return Uni.createFrom().item(Set.of());
    }
    return Sql.update(
            s,
            GONE,
            report.volumeId().value(),
            report.site(),
            report.orderSequence(),
            report.at().atOffset(ZoneOffset.UTC))
        .invoke(
            rows -> {
              if (rows == 0) {
                refuse(report, "NOT_ASKED_FOR");
              }
            })
        .replaceWith(Set.of());
  }

  private static VolumeReport checked(VolumeReport report) {
    if (report.site() == null
        || report.volumeId() == null
        || report.at() == null
        || !VolumeReport.ABSENT.equals(report.observed())) {
      throw new PoisonEventException("a volume report lacks fields or says what is unknown");
    }
    return report;
  }

  private void refuse(VolumeReport report, String why) {
    meters.counter("gpucloud.volumes.reports.refused", "reason", why).increment();
    LOG.infof("refused report of %s from %s: %s", report.volumeId(), report.site(), why);
  }
}
