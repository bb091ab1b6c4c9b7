package dev.gpucloud.agent.engine;

import dev.gpucloud.contracts.event.VolumeOrderFact;
import dev.gpucloud.contracts.event.VolumeReport;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A volume that is to be deleted, or was: {@code goneAt} is the business time at which it was gone,
 * null until then, {@code since} the system time at which it was ordered, and then at which it was
 * gone. It is remembered for as long as older orders may still name it.
 */
public record VolumeEnd(VolumeOrderFact order, @Nullable Instant goneAt, Instant since) {

  static VolumeEnd ordered(VolumeOrderFact order, Instant systemNow) {
    return new VolumeEnd(order, null, systemNow);
  }

  VolumeEnd with(VolumeOrderFact next) {
    return new VolumeEnd(next, goneAt, since);
  }

  VolumeEnd gone(Stamp now) {
    Instant at = now.business();
    return new VolumeEnd(
        order, at.isBefore(order.issuedAt()) ? order.issuedAt() : at, now.system());
  }

  boolean isGone() {
    return goneAt != null;
  }

  /** What it is called in the setup of a run. */
  String name() {
    return order.volumeId().toString();
  }

  VolumeReport report(String site, Instant at) {
    return new VolumeReport(site, order.volumeId(), order.orderSequence(), VolumeReport.ABSENT, at);
  }
}
