package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.QuotaTerms;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.tenant.quotas.QuotaScope;
import dev.gpucloud.tenant.quotas.QuotaWriter;
import dev.gpucloud.testsupport.TestKafka;
import io.quarkus.test.vertx.RunOnVertxContext;
import io.quarkus.test.vertx.UniAsserter;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

@TenantService
class EventIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Inject Transactions transactions;
  @Inject QuotaWriter quotas;

  @Test
  void tellsATenantWithItsCloudEventHeaders() throws Exception {
    Tenant tenant = openTenant("told");

    ConsumerRecord<String, String> event = await(Topics.TENANTS, tenant.id(), 1).getFirst();

    assertThat(TestKafka.header(event, "ce_specversion")).isEqualTo("1.0");
    assertThat(TestKafka.header(event, "ce_type")).isEqualTo("tenant.created");
    assertThat(TestKafka.header(event, "ce_subject")).isEqualTo(tenant.id());
    assertThat(TestKafka.header(event, "ce_tenantid")).isEqualTo(tenant.id());
    assertThat(TestKafka.header(event, "ce_sequence")).isEqualTo("1");
    assertThat(TestKafka.header(event, "ce_id")).isNotBlank();
    assertThat(TestKafka.header(event, "ce_time")).isNotBlank();
    assertThat(TestKafka.header(event, "traceparent")).startsWith("00-");
    JsonNode fact = JSON.readTree(event.value());
    assertThat(fact.path("slug").asText()).isEqualTo(tenant.slug());
    assertThat(fact.path("businessNumber").asText()).isEqualTo(tenant.businessNumber());
    assertThat(fact.path("segment").asText()).isEqualTo("STARTUP");
  }

  @Test
  void tellsProjectsMembersAndQuotasToo() throws Exception {
    Tenant tenant = openTenant("family");
    String project =
        tenant
            .as("owner")
            .get("/tenants/" + tenant.slug() + "/projects/training")
            .jsonPath()
            .getString("id");
    assertThat(fact(await(Topics.PROJECTS, project, 1)).path("slug").asText())
        .isEqualTo("training");
    JsonNode owner =
        fact(await(Topics.MEMBERSHIPS, tenant.id() + "/" + tenant.slug() + "-owner", 1));
    assertThat(owner.path("roles")).hasSize(1);
    assertThat(owner.path("roles").path(0).asText()).isEqualTo("OWNER");
    JsonNode quota = fact(await(Topics.QUOTAS, tenant.id() + "/b200-sxm-180g", 1));
    assertThat(quota.path("limitGpus").asInt()).isEqualTo(64);
    assertThat(quota.path("version").asLong()).isEqualTo(1);
  }

  @Test
  void countsTheSequenceWithTheVersionWithoutAHole() {
    Tenant tenant = openTenant("counted");
    String path = "/tenants/" + tenant.slug() + "/quotas/b200-sxm-180g";
    for (int version = 1; version <= 5; version++) {
      int status =
          json(admin().header("If-Match", "\"" + version + "\""), "{'limitGpus': " + version + "}")
              .put(path)
              .statusCode();
      assertThat(status).isEqualTo(200);
    }
    List<ConsumerRecord<String, String>> events =
        await(Topics.QUOTAS, tenant.id() + "/b200-sxm-180g", 6);
    assertThat(events.stream().map(e -> TestKafka.header(e, "ce_sequence")))
        .containsExactly("1", "2", "3", "4", "5", "6");
  }

  @Test
  @RunOnVertxContext
  void tellsNothingOfAChangeThatRolledBack(UniAsserter asserter) {
    asserter.assertFailedWith(
        () ->
            transactions.asPlatform(
                session ->
                    session
                        .createNativeQuery("select tenant_id from tenant limit 1", UUID.class)
                        .getSingleResult()
                        .chain(
                            found ->
                                quotas.open(
                                    session,
                                    QuotaScope.of(new TenantId(found)),
                                    "doomed",
                                    QuotaTerms.limit(1)))
                        .call(session::flush)
                        .chain(
                            quota ->
                                Uni.createFrom()
                                    .<Void>failure(new IllegalStateException("on purpose")))),
        failure -> assertThat(failure).hasMessageContaining("on purpose"));
    asserter.execute(
        () -> {
          assertThat(Database.number("select count(*) from quota where model = 'doomed'")).isZero();
          assertThat(Database.number("select count(*) from outbox where events like '%doomed%'"))
              .isZero();
        });
  }

  private static List<ConsumerRecord<String, String>> await(String topic, String key, int count) {
    return TestKafka.await(topic, count, PATIENCE, r -> key.equals(r.key()));
  }

  private static JsonNode fact(List<ConsumerRecord<String, String>> events) throws Exception {
    return JSON.readTree(events.getFirst().value());
  }
}
