package dev.gpucloud.kit.tx;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.DatabaseException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection that the database ended, or that broke, while it lay in the pool. The pool hands it
 * out until its event loop has read the end; whoever gets it may begin anew on another.
 */
public final class LostConnection {
  private static final int LONGEST_CHAIN = 20;

  /** As many ended connections as a unit of work passes over before it gives up. */
  private static final int MOST_ATTEMPTS = 8;

  private static final long MOMENT_MILLIS = 5;

  /** What the driver says, in a class for everything, when the end was read just before. */
  private static final String NOT_ACTIVE = "Connection is not active now";

  private static final String ENDED_BY_ADMINISTRATOR = "57P01";

  private LostConnection() {}

  /** Whether a failure says that the connection was gone, and no more. */
  public static boolean isBehind(Throwable e) {
    @Nullable Throwable at = e;
    for (int i = 0; at != null && i < LONGEST_CHAIN; i++) {
      if (at instanceof ClosedConnectionException
          || at instanceof DatabaseException ended
              && ENDED_BY_ADMINISTRATOR.equals(ended.getSqlState())
          || at.getMessage() instanceof String message && message.startsWith(NOT_ACTIVE)) {
        return true;
      }
      at = at.getCause();
    }
    return false;
  }

  /**
   * The unit of work, tried again while its connection was lost before it set the flag that it is
   * given. After that a loss is a failure: what it did may have taken effect. It is tried a moment
   * later: the pool learns of the loss after whoever had the connection.
   */
  static <T> Uni<T> passedOver(Vertx vertx, Function<AtomicBoolean, Uni<T>> unit) {
    AtomicBoolean begun = new AtomicBoolean();
    AtomicInteger lost = new AtomicInteger();
    return Uni.createFrom()
        .deferred(() -> unit.apply(begun))
        .onFailure(e -> !begun.get() && isBehind(e) && lost.incrementAndGet() <= MOST_ATTEMPTS)
        .retry()
        .when(losses -> losses.onItem().transformToUniAndConcatenate(loss -> moment(vertx)));
  }

  /** On the event loop of whoever waits. */
  private static Uni<Long> moment(Vertx vertx) {
    return Uni.createFrom().emitter(emitter -> vertx.setTimer(MOMENT_MILLIS, emitter::complete));
  }
}
