package dev.gpucloud.inventory.report;

import dev.gpucloud.kit.inbox.InboundEvent;
import io.smallrye.mutiny.Uni;
import java.util.Set;
import org.hibernate.reactive.mutiny.Mutiny;

/** Takes in one type of report of the sites' agents, in the transaction of the inbox. */
public interface SiteReportHandler {

  /** The event type it takes. */
  String type();

  /**
   * Gives the report its effect; answers the pools whose hosts changed. Throws a {@link
   * dev.gpucloud.kit.inbox.PoisonEventException} for a report that can never have one.
   */
  Uni<Set<String>> accept(Mutiny.Session s, InboundEvent event);
}
