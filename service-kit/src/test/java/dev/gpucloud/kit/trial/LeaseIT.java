package dev.gpucloud.kit.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.kit.lease.Lease;
import dev.gpucloud.kit.lease.Leases;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who acts under a lease keeps others from taking it, and nobody from renewing it. */
@QuarkusTest
@QuarkusTestResource(
    value = ServiceStack.class,
    initArgs = @ResourceArg(name = "service", value = "trial"))
class LeaseIT {
  private static final Duration LONG = Duration.ofMinutes(5);

  @Inject Leases leases;

  private final String name = "lease-it:" + UUID.randomUUID();

  private Optional<Lease> take(String holder) {
    return asked(holder).join();
  }

  private CompletableFuture<Optional<Lease>> asked(String holder) {
    return leases.tryAcquire(name, holder, LONG).subscribeAsCompletionStage();
  }

  private void ends() {
    TestDatabase.update(
        "update lease set expires_at = now() - interval '1 second' where name = '" + name + "'");
  }

  /** An open transaction that has proved the first holder's epoch. */
  private Connection acting() throws SQLException {
    Connection c = TestDatabase.admin();
    c.setAutoCommit(false);
    try (Statement s = c.createStatement()) {
      assertThat(s.executeQuery(proof()).next()).isTrue();
    }
    return c;
  }

  private String proof() {
    return "select from lease where name = '%s' and holder = 'one' and epoch = 1 for key share"
        .formatted(name);
  }

  @Test
  void onlyAnEndedLeaseHasAnotherHolderAndThenAnotherEpoch() {
    assertThat(take("one")).contains(new Lease(name, 1));
    assertThat(take("two")).isEmpty();
    assertThat(take("one")).contains(new Lease(name, 1));
    ends();
    assertThat(take("two")).contains(new Lease(name, 2));
    assertThat(take("one")).isEmpty();
  }

  @Test
  void whoActsDoesNotHoldUpTheRenewal() throws Exception {
    take("one");
    try (Connection first = acting();
        Connection second = acting()) {
      assertThat(asked("one").orTimeout(5, TimeUnit.SECONDS).join()).contains(new Lease(name, 1));
      second.rollback();
      first.commit();
    }
  }

  @Test
  void whoTakesItWaitsForWhoActs() throws Exception {
    take("one");
    ends();
    CompletableFuture<Optional<Lease>> taken;
    try (Connection c = acting()) {
      taken = asked("two");
      Thread.sleep(500);
      assertThat(taken).isNotDone();
      c.commit();
    }
    assertThat(taken.join()).contains(new Lease(name, 2));
  }

  @Test
  void aLeaseThatIsRenewedMeanwhileIsNotTaken() throws Exception {
    take("one");
    ends();
    CompletableFuture<Optional<Lease>> taken;
    try (Connection c = acting()) {
      taken = asked("two");
      Thread.sleep(500);
      try (Statement s = c.createStatement()) {
        s.executeUpdate(
            "update lease set expires_at = now() + interval '1 hour' where name = '" + name + "'");
      }
      c.commit();
    }
    assertThat(taken.join()).isEmpty();
  }
}
