package dev.gpucloud.tenant.directory;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import io.restassured.path.json.JsonPath;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes that the identity provider lacks are told apart from what is only compared again. */
@TenantService
class DirectoryLagIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Inject DirectoryQueue queue;

  /** Nobody is there to work the list off, so whatever other tests made is done by hand. */
  @BeforeEach
  void allInStep() {
    Database.change(
        "update directory_entry set done = wanted, synced_at = now(), external_id = 'o',"
            + " problem = null, attempts = 0, checking = false");
    assertThat(state().getLong("pending")).isZero();
    assertThat(state().getLong("checks")).isZero();
  }

  @Test
  void whatIsOnlyComparedAgainIsNotBehind() {
    openTenant("seen");
    assertThat(state().getLong("pending")).isEqualTo(6);
    assertThat(state().getString("oldestPendingSince")).isNotNull();
    allInStep();

    await(queue.repair());

    JsonPath state = state();
    assertThat(state.getLong("pending")).isZero();
    assertThat(state.getLong("oldestPendingAgeSeconds")).isZero();
    assertThat(state.getString("oldestPendingSince")).isNull();
    assertThat(state.getLong("checks")).isGreaterThanOrEqualTo(6);
  }

  @Test
  void aChangeIsBehindThoughACheckIsStillToCome() {
    Tenant tenant = openTenant("renamed");
    allInStep();
    await(queue.repair());
    long checks = state().getLong("checks");

    rename(tenant);

    assertThat(state().getLong("pending")).isEqualTo(1);
    assertThat(state().getLong("checks")).isEqualTo(checks - 1);
  }

  @Test
  void aChangeIsWorkedOnBeforeChecksThatAreDueForLong() {
    Tenant tenant = openTenant("urgent");
    allInStep();
    await(queue.repair());
    Database.change("update directory_entry set due_at = now() - interval '1 hour' where checking");
    assertThat(state().getLong("checksDue")).isEqualTo(state().getLong("checks"));

    rename(tenant);
    var taken = await(queue.take());

    assertThat(taken).extracting(DirectoryEntry::tenant).contains(UUID.fromString(tenant.uuid()));
  }

  @Test
  void aChangeDuringACheckIsStillBehindWhenTheCheckIsDone() {
    Tenant tenant = openTenant("during");
    allInStep();
    DirectoryEntry taken = checked(tenant);

    rename(tenant);
    await(queue.done(taken, "o"));

    assertThat(state().getLong("pending")).isEqualTo(1);
  }

  @Test
  void whatACheckFindsWrongAndCannotMendIsBehindFromThenOn() {
    Tenant tenant = openTenant("drifted");
    allInStep();
    DirectoryEntry taken = checked(tenant);
    Database.change("update directory_entry set changed_at = now() - interval '5 hours'");

    await(queue.failed(taken, "Keycloak answered 400"));

    JsonPath state = state();
    assertThat(state.getLong("pending")).isEqualTo(1);
    assertThat(state.getLong("refused")).isEqualTo(1);
    assertThat(state.getLong("oldestPendingAgeSeconds")).isLessThan(3_600);
    assertThat(state.getString("refusals[0].tenant")).isEqualTo(tenant.slug());
    assertThat(state.getString("refusals[0].problem")).isEqualTo("Keycloak answered 400");
  }

  /** The organisation of a tenant as it was taken for its routine check, alone. */
  private DirectoryEntry checked(Tenant tenant) {
    await(queue.repair());
    Database.change(
        "update directory_entry set due_at = now() - interval '1 minute' where subject = ''"
            + " and tenant_id = '"
            + tenant.uuid()
            + "'");
    return await(queue.take()).stream()
        .filter(entry -> entry.tenant().toString().equals(tenant.uuid()))
        .findFirst()
        .orElseThrow();
  }

  private static void rename(Tenant tenant) {
    answered(
        200,
        json(admin().header("If-Match", "\"1\""), "{'name': 'Another'}")
            .patch("/admin/tenants/" + tenant.slug()));
  }

  private static JsonPath state() {
    return answered(200, admin().get("/admin/directory")).jsonPath();
  }

  private static <T> T await(Uni<T> work) {
    return work.await().atMost(PATIENCE);
  }
}
