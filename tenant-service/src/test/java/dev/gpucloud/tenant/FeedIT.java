package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.openTenant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.tenant.fixture.Api.Tenant;
import dev.gpucloud.tenant.fixture.TenantService;
import dev.gpucloud.testsupport.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Events by tenant, as the gateway reads them. */
@TenantService
class FeedIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void repeatsWhatBelongsToATenantUnchanged() throws Exception {
    Tenant tenant = openTenant("fed");

    ConsumerRecord<String, String> again = inTheFeed(tenant.id(), "tenant.created");

    ConsumerRecord<String, String> first =
        TestKafka.await(Topics.TENANTS, 1, PATIENCE, r -> tenant.id().equals(r.key())).getFirst();
    assertThat(again.value()).isEqualTo(first.value());
    assertThat(again.headers()).isEqualTo(first.headers());
    inTheFeed(tenant.id(), "project.created");
    inTheFeed(tenant.id(), "membership.set");
  }

  @Test
  void keysByTenantWhatHasAnotherKeyAndLeavesOutWhatHasNoTenant() {
    String tenant = "ten_" + UUID.randomUUID();
    String thing = "thing-" + UUID.randomUUID();
    TestKafka.send(
        TestKafka.Event.of("/t", Topics.QUOTAS, thing, "quota.set", "", 1, "{\"n\":1}"),
        TestKafka.Event.of("/t", Topics.QUOTAS, thing, "quota.set", tenant, 2, "{\"n\":2}"));

    ConsumerRecord<String, String> heard = inTheFeed(tenant, "quota.set");

    assertThat(heard.value()).isEqualTo("{\"n\":2}");
    List<ConsumerRecord<String, String>> all =
        TestKafka.present(Topics.FEED, r -> TestKafka.header(r, "ce_subject").equals(thing));
    assertThat(all).extracting(ConsumerRecord::key).containsOnly(tenant);
  }

  private static ConsumerRecord<String, String> inTheFeed(String tenant, String type) {
    return TestKafka.await(
            Topics.FEED,
            1,
            PATIENCE,
            r -> tenant.equals(r.key()) && TestKafka.header(r, "ce_type").equals(type))
        .getFirst();
  }
}
