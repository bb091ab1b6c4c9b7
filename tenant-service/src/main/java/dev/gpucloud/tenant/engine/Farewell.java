package dev.gpucloud.tenant.engine;

import dev.gpucloud.contracts.event.ClosingFact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * When a closing tenant may be closed: every service that holds something of tenants has said that
 * it is done. One that has said nothing yet is not done.
 */
public final class Farewell {
  /** Who must be done: the holders of instances and of invoices. */
  public static final List<String> SERVICES = List.of("billing-service", "inventory-service");

  private Farewell() {}

  /** One thing that must be gone first, and whose it is. */
  public record Blocker(String code, String service, String detail) {}

  /** What stands against it, by what each service said last; none when it may be closed. */
  public static List<Blocker> blockers(Map<String, List<ClosingFact.Blocker>> said) {
    List<Blocker> blockers = new ArrayList<>();
    for (String service : SERVICES) {
      List<ClosingFact.Blocker> own = said.get(service);
      if (own == null) {
        blockers.add(
            new Blocker("NOT_REPORTED", service, service + " has not said yet what it holds."));
      } else {
        own.forEach(b -> blockers.add(new Blocker(b.code(), service, b.detail())));
      }
    }
    return blockers;
  }
}
