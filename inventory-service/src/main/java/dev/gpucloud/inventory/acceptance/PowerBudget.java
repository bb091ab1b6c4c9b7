package dev.gpucloud.inventory.acceptance;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Whether rack, hall and site still give the power that a host draws. The rows are locked until the
 * transaction ends, always in this order, so that of two hosts that want the last kilowatt one gets
 * it; the checks of the tables hold beside it. Their keys stay free, so that placements that refer
 * to the site wait for nothing.
 */
@ApplicationScoped
class PowerBudget {

  /** The place that has too little left. */
  record Shortage(String kind, String place, BigDecimal neededKw, BigDecimal freeKw) {
    String sentence() {
      return "%s %s has %s kW left, the host draws %s kW."
          .formatted(kind, place, freeKw.toPlainString(), neededKw.toPlainString());
    }
  }

  /** Empty when the host fits, or is counted already. */
  Uni<Optional<Shortage>> shortage(Mutiny.Session s, HostId host) {
    return Sql.rows(s, "select draws, power_kw from host where id = ?1", host.value())
        .chain(
            rows -> {
              if ((Boolean) rows.getFirst()[0]) {
                return Uni.createFrom().item(Optional.empty());
              }
              BigDecimal needed = (BigDecimal) rows.getFirst()[1];
              return rack(s, host, needed)
                  .chain(found -> found.isPresent() ? keep(found) : hall(s, host, needed))
                  .chain(found -> found.isPresent() ? keep(found) : site(s, host, needed));
            });
  }

  private static Uni<Optional<Shortage>> keep(Optional<Shortage> found) {
    return Uni.createFrom().item(found);
  }

  private static Uni<Optional<Shortage>> rack(Mutiny.Session s, HostId host, BigDecimal needed) {
    return free(
        s,
        "Rack",
        """
        select r.id, r.power_kw - r.booked_kw from rack r
        where r.id = (select rack_id from host where id = ?1) for no key update""",
        host,
        needed);
  }

  private static Uni<Optional<Shortage>> hall(Mutiny.Session s, HostId host, BigDecimal needed) {
    return free(
        s,
        "Hall",
        """
        select a.id, least(a.power_kw, a.cooling_kw) - a.booked_kw from hall a
        where a.id = (select hall_id from host where id = ?1) for no key update""",
        host,
        needed);
  }

  private static Uni<Optional<Shortage>> site(Mutiny.Session s, HostId host, BigDecimal needed) {
    return free(
        s,
        "Site",
        """
        select t.id, t.it_power_kw - t.booked_kw from site t
        where t.id = (select site_id from host where id = ?1) for no key update""",
        host,
        needed);
  }

  private static Uni<Optional<Shortage>> free(
      Mutiny.Session s, String kind, String sql, HostId host, BigDecimal needed) {
    return Sql.rows(s, sql, host.value())
        .map(
            rows -> {
              BigDecimal free = (BigDecimal) rows.getFirst()[1];
              return free.compareTo(needed) >= 0
                  ? Optional.empty()
                  : Optional.of(new Shortage(kind, (String) rows.getFirst()[0], needed, free));
            });
  }
}
