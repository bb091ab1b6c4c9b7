package dev.gpucloud.inventory.report;

import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Orders to sites that stand in rows: what is due is sent, and sent again after a while until the
 * site's answer has changed the row. A restart loses nothing, and several replicas share the work.
 */
@ApplicationScoped
public class DueOrders {
  private final Outbox outbox;
  private final InstantSource system;

  DueOrders(Outbox outbox, @SystemClock InstantSource system) {
    this.outbox = outbox;
    this.system = system;
  }

  /** After how long an order is sent again, and how many are sent at once. */
  public record Pace(Duration resendAfter, int batch) {}

  /**
   * Sends what is due, within the caller's transaction, and says how many that were.
   *
   * @param takeDue takes at most $3 rows that are due at $1, and makes them due again at $2
   */
  public Uni<Integer> send(
      SqlConnection c, String takeDue, Pace pace, Function<Row, OutboxEvent> order) {
    Instant now = system.instant();
    return c.preparedQuery(takeDue)
        .execute(
            Tuple.of(
                now.atOffset(ZoneOffset.UTC),
                now.plus(pace.resendAfter()).atOffset(ZoneOffset.UTC),
                pace.batch()))
        .chain(
            rows -> {
              List<OutboxEvent> events = new ArrayList<>();
              rows.forEach(row -> events.add(order.apply(row)));
              return outbox.append(c, events).replaceWith(events.size());
            });
  }
}
