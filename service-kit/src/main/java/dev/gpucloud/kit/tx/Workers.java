package dev.gpucloud.kit.tx;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Function;

/** Work that would keep an event loop from its other requests. */
public final class Workers {
  private static final int AT_ONCE = Runtime.getRuntime().availableProcessors();

  private Workers() {}

  /**
   * Applies a function to each item on worker threads, some at once; completes with the results in
   * the order of the items, on the event loop that subscribed, where a session goes on. The first
   * failure is that of the whole.
   */
  public static <T, R> Uni<List<R>> each(List<T> items, Function<T, R> work) {
    if (items.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return Uni.createFrom()
        .deferred(
            () -> {
              Uni<List<R>> all =
                  Uni.join()
                      .all(items.stream().map(item -> on(item, work)).toList())
                      .usingConcurrencyOf(AT_ONCE)
                      .andFailFast();
              Context here = Vertx.currentContext();
              return here == null
                  ? all
                  : all.emitOn(command -> here.runOnContext(v -> command.run()));
            });
  }

  private static <T, R> Uni<R> on(T item, Function<T, R> work) {
    return Uni.createFrom()
        .item(() -> work.apply(item))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }
}
