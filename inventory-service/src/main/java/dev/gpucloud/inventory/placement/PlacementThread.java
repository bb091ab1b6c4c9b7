package dev.gpucloud.inventory.placement;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one event loop on which all pools of this replica are looked at and changed, so that no index
 * needs a lock. Decisions take microseconds; commits are asynchronous and overlap between pools.
 */
@ApplicationScoped
public class PlacementThread {
  private final Vertx vertx;
  private @Nullable Context context;

  PlacementThread(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Runs work here; the item is handed back on the caller's event loop. */
  public <T> Uni<T> run(Supplier<Uni<T>> work) {
    Context caller = Vertx.currentContext();
    Uni<T> here =
        Uni.createFrom()
            .emitter(
                emitter ->
                    context()
                        .runOnContext(
                            v ->
                                Uni.createFrom()
                                    .deferred(work::get)
                                    .subscribe()
                                    .with(emitter::complete, emitter::fail)));
    return caller == null ? here : here.emitOn(command -> caller.runOnContext(v -> command.run()));
  }

  /** As {@link #run} for an answer that is there at once. */
  public <T> Uni<T> ask(Supplier<T> question) {
    return run(() -> Uni.createFrom().item(question));
  }

  /** Continues here with what an asynchronous step brings, wherever it ends. */
  <T> Uni<T> here(Uni<T> step) {
    return step.emitOn(
        command -> {
          if (Vertx.currentContext() == context()) {
            command.run();
          } else {
            context().runOnContext(v -> command.run());
          }
        });
  }

  private synchronized Context context() {
    Context existing = context;
    if (existing == null) {
      existing = ((VertxInternal) vertx).createEventLoopContext();
      context = existing;
    }
    return existing;
  }
}
