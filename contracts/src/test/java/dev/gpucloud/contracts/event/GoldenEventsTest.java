package dev.gpucloud.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A published version of an event can be read for ever: these samples are never edited. */
class GoldenEventsTest {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  static Stream<Arguments> samples() {
    return Stream.of(
        Arguments.of("tenant.created.v1", TenantFact.class),
        Arguments.of("tenant.updated.suspended.v1", TenantFact.class),
        Arguments.of("project.created.v1", ProjectFact.class),
        Arguments.of("membership.set.v1", MembershipFact.class),
        Arguments.of("quota.set.v1", QuotaFact.class),
        Arguments.of("quota.set.scoped.v1", QuotaFact.class),
        Arguments.of("api-key.revoked.v1", ApiKeyFact.class),
        Arguments.of("quota.set.guaranteed.v1", QuotaFact.class),
        Arguments.of("budget.exhausted.v1", BudgetFact.class),
        Arguments.of("grant.noticed.v1", GrantFact.class),
        Arguments.of("grant.ended.v1", GrantFact.class),
        Arguments.of("invoice.issued.v1", InvoiceFact.class),
        Arguments.of("invoice.issued.statement.v1", InvoiceFact.class),
        Arguments.of("invoice-note.issued.statement.v1", NoteFact.class),
        Arguments.of("invoice-part.issued.statement.v1", InvoicePartFact.class),
        Arguments.of("invoice-part-note.issued.statement.v1", PartNoteFact.class),
        Arguments.of("invoice.overdue.v1", InvoiceFact.class),
        Arguments.of("invoice-note.issued.v1", NoteFact.class),
        Arguments.of("invoice-part.issued.v1", InvoicePartFact.class),
        Arguments.of("invoice-part-note.issued.v1", PartNoteFact.class),
        Arguments.of("spend-budget.reached.v1", SpendBudgetFact.class),
        Arguments.of("spend-budget.stopped.v1", SpendBudgetFact.class),
        Arguments.of("credit.granted.v1", CreditFact.class),
        Arguments.of("credit.withdrawn.v1", CreditFact.class),
        Arguments.of("price.published.v1", PriceFact.class),
        Arguments.of("instance.started.v1", InstanceFact.class),
        Arguments.of("instance.maintenance-scheduled.v1", InstanceFact.class),
        Arguments.of("order.issued.v1", OrderFact.class),
        Arguments.of("run.reported.v1", RunReport.class),
        Arguments.of("gpu.faulted.v1", GpuFault.class),
        Arguments.of("host.alive.v1", HostHeartbeat.class),
        Arguments.of("host.ordered.v1", HostOrderFact.class),
        Arguments.of("host.discovered.v1", HostDiscovery.class),
        Arguments.of("host.burned-in.v1", BurnInReport.class),
        Arguments.of("volume.ordered.v1", VolumeOrderFact.class),
        Arguments.of("volume.reported.v1", VolumeReport.class),
        Arguments.of("instance.resized.v1", InstanceFact.class),
        Arguments.of("instance.moved.v1", InstanceFact.class),
        Arguments.of("order.issued.with-setup.v1", OrderFact.class),
        Arguments.of("run.reported.rebooted.v1", RunReport.class),
        Arguments.of("capabilities.declared.v1", SiteCapabilities.class),
        Arguments.of("inventory-closing.reported.v1", ClosingFact.class),
        Arguments.of("catalogue.declared.v1", CatalogueFact.class),
        Arguments.of("console.reported.v1", ConsoleTail.class),
        Arguments.of("audit.recorded.v1", AuditFact.class));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void readsAndWritesEveryFieldOfTheSample(String name, Class<?> type) throws IOException {
    ObjectNode sample = sample(name);

    Object fact = JSON.treeToValue(sample, type);

    assertThat(JSON.readTree(JSON.writeValueAsString(fact))).isEqualTo(sample);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void readsASampleWithAFieldOfALaterVersion(String name, Class<?> type) throws IOException {
    ObjectNode sample = sample(name).put("fieldOfALaterVersion", 1);

    assertThat(JSON.treeToValue(sample, type)).isEqualTo(JSON.treeToValue(sample(name), type));
  }

  static ObjectNode sample(String name) throws IOException {
    try (InputStream in = GoldenEventsTest.class.getResourceAsStream("/golden/" + name + ".json")) {
      return (ObjectNode) JSON.readTree(in);
    }
  }
}
