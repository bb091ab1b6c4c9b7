package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.inventory.instance.Lifecycle.Moment;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import org.hibernate.reactive.mutiny.Mutiny;

/** When a step happens, by both clocks, and the epoch that its order must carry. */
@ApplicationScoped
public class PoolEpochs {
  private final InstantSource business;
  private final InstantSource system;

  PoolEpochs(@Business InstantSource business, @SystemClock InstantSource system) {
    this.business = business;
    this.system = system;
  }

  /** The moment now, under the epoch of the pool's present owner. */
  public Uni<Moment> now(Mutiny.Session s, String pool) {
    return Sql.rows(s, "select epoch, id from pool where id = ?1", pool)
        .map(
            rows ->
                new Moment(
                    business.instant(),
                    system.instant(),
                    rows.isEmpty() ? 0 : ((Number) rows.getFirst()[0]).longValue()));
  }

  /** The moment now, for a step without an order. */
  public Moment now() {
    return new Moment(business.instant(), system.instant(), 0);
  }
}
