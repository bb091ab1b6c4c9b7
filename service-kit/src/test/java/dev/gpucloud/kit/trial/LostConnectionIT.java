package dev.gpucloud.kit.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The database ends connections that lie in the pool of an event loop that stands still, so that
 * the pool still hands them out when the loop goes on.
 */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "trial"))
class LostConnectionIT {
  private static final String MINE = "lost connections";

  @Inject Transactions transactions;
  @Inject Vertx vertx;

  @Test
  void aSessionBeginsAnew() throws Exception {
    assertThat(afterAllConnectionsAreEnded(this::entered)).isEqualTo("trial_system");
  }

  @Test
  void aRawUnitBeginsAnew() throws Exception {
    assertThat(afterAllConnectionsAreEnded(this::enteredRaw)).isEqualTo("trial_system");
  }

  private Uni<String> entered() {
    return transactions.asSystem(
        s -> s.createNativeQuery("select current_user", String.class).getSingleResult());
  }

  private Uni<String> enteredRaw() {
    return transactions.systemSql(
        c ->
            c.query("select current_user")
                .execute()
                .map(rows -> rows.iterator().next().getString(0)));
  }

  /** Several connections of one loop first; then, without leaving the loop, their end. */
  private String afterAllConnectionsAreEnded(Supplier<Uni<String>> unit) throws Exception {
    Context loop = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
    on(
        loop,
        () -> Uni.join().all(IntStream.range(0, 4).mapToObj(i -> slow()).toList()).andFailFast());
    return on(
        loop,
        () -> {
          assertThat(ended()).isGreaterThan(3);
          return unit.get();
        });
  }

  private Uni<List<String>> slow() {
    return transactions.asSystem(
        s ->
            s.createNativeQuery("select '" + MINE + "' from pg_sleep(0.2)", String.class)
                .getResultList());
  }

  private static int ended() {
    return Integer.parseInt(
        TestDatabase.value(
            """
            select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity
            where usename = 'trial_login' and state = 'idle'\
            """));
  }

  private static <T> T on(Context loop, Supplier<Uni<T>> work) throws Exception {
    CompletableFuture<T> done = new CompletableFuture<>();
    loop.runOnContext(
        v -> {
          try {
            work.get().subscribe().with(done::complete, done::completeExceptionally);
          } catch (RuntimeException | AssertionError e) {
            done.completeExceptionally(e);
          }
        });
    return done.get(60, TimeUnit.SECONDS);
  }
}
