package dev.gpucloud.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsPageTest {
  /** What stands in no other place: who writes a topic, who reads it, and its key. */
  private record Family(
      String topic, String data, String key, String writer, String readers, String typePrefix) {}

  private static final List<Family> FAMILIES =
      List.of(
          new Family(
              "tenant.tenants.v1",
              "TenantFact",
              "tenant id",
              "tenant-service",
              "all services",
              "tenant."),
          new Family(
              "audit.entries.v1",
              "AuditFact",
              "entry id",
              "all services",
              "tenant-service",
              "audit."),
          new Family(
              "tenant.projects.v1",
              "ProjectFact",
              "project id",
              "tenant-service",
              "all services",
              "project."),
          new Family(
              "tenant.memberships.v1",
              "MembershipFact",
              "`<tenant id>/<subject>`",
              "tenant-service",
              "all services",
              "membership."),
          new Family(
              "tenant.quotas.v1",
              "QuotaFact",
              "`<tenant or project id>/<GPU model>`, with `@<site>` when of one site",
              "tenant-service",
              "inventory-service",
              "quota."),
          new Family(
              "tenant.api-keys.v1",
              "ApiKeyFact",
              "API key id",
              "tenant-service",
              "all services",
              "api-key."),
          new Family(
              "tenant.budgets.v1",
              "BudgetFact",
              "`<tenant or project id>/<GPU model>`",
              "tenant-service",
              "inventory-service",
              "budget."),
          new Family(
              "tenant.grants.v1",
              "GrantFact",
              "award id",
              "tenant-service",
              "who bills or tells people",
              "grant."),
          new Family(
              "tenant.grants.v1",
              "CreditFact",
              "`<tenant id>/<name>`",
              "tenant-service",
              "who bills or tells people",
              "credit."),
          new Family(
              "billing.prices.v1",
              "PriceFact",
              "SKU",
              "billing-service",
              "inventory-service",
              "price."),
          new Family(
              "inventory.instances.v1",
              "InstanceFact",
              "instance id",
              "inventory-service",
              "billing-service and tenant-service",
              "instance."),
          new Family(
              "inventory.catalogue.v1",
              "CatalogueFact",
              "`catalogue`",
              "inventory-service",
              "tenant-service",
              "catalogue."),
          new Family(
              "inventory.closings.v1",
              "ClosingFact",
              "tenant id",
              "inventory-service",
              "tenant-service",
              "inventory-closing."),
          new Family(
              "billing.invoices.v1",
              "InvoiceFact",
              "invoice id",
              "billing-service",
              "tenant-service",
              "invoice."),
          new Family(
              "billing.invoices.v1",
              "NoteFact",
              "note id",
              "billing-service",
              "who follows invoices",
              "invoice-note."),
          new Family(
              "billing.invoices.v1",
              "InvoicePartFact",
              "`<invoice id>/<tenant id>`",
              "billing-service",
              "tenant-service",
              "invoice-part."),
          new Family(
              "billing.invoices.v1",
              "PartNoteFact",
              "`<note id>/<tenant id>`",
              "billing-service",
              "tenant-service",
              "invoice-part-note."),
          new Family(
              "billing.spend-budgets.v1",
              "SpendBudgetFact",
              "budget id",
              "billing-service",
              "inventory-service and tenant-service",
              "spend-budget."),
          new Family(
              "billing.closings.v1",
              "ClosingFact",
              "tenant id",
              "billing-service",
              "tenant-service",
              "billing-closing."),
          new Family(
              "site.orders.{site}.v1",
              "OrderFact",
              "host id",
              "inventory-service",
              "the site's agent",
              "order."),
          new Family(
              "site.reports.{site}.v1",
              "RunReport",
              "host id",
              "the site's agent",
              "inventory-service",
              "run."),
          new Family(
              "site.reports.{site}.v1",
              "GpuFault",
              "host id",
              "the site's agent",
              "inventory-service",
              "gpu."),
          new Family(
              "site.reports.{site}.v1",
              "SiteCapabilities",
              "site",
              "the site's agent",
              "inventory-service",
              "capabilities."),
          new Family(
              "site.reports.{site}.v1",
              "ConsoleTail",
              "host id",
              "the site's agent",
              "inventory-service",
              "console."),
          new Family(
              "site.heartbeats.{site}.v1",
              "HostHeartbeat",
              "host id",
              "the site's agent",
              "inventory-service and billing-service",
              "host.alive"),
          new Family(
              "site.orders.{site}.v1",
              "HostOrderFact",
              "host id",
              "inventory-service",
              "the site's agent",
              "host.ordered"),
          new Family(
              "site.reports.{site}.v1",
              "HostDiscovery",
              "host serial",
              "the site's agent",
              "inventory-service",
              "host.discovered"),
          new Family(
              "site.reports.{site}.v1",
              "BurnInReport",
              "host id",
              "the site's agent",
              "inventory-service",
              "host.burned-in"),
          new Family(
              "site.orders.{site}.v1",
              "VolumeOrderFact",
              "volume id",
              "inventory-service",
              "the site's agent",
              "volume.ordered"),
          new Family(
              "site.reports.{site}.v1",
              "VolumeReport",
              "volume id",
              "the site's agent",
              "inventory-service",
              "volume.reported"));

  @Test
  void theCommittedPageIsUpToDate() throws Exception {
    page().verify("events.md");
  }

  @Test
  void everyTopicAndEveryTypeIsDescribed() throws Exception {
    List<String> described =
        new ArrayList<>(FAMILIES.stream().map(Family::topic).distinct().toList());
    described.add(Topics.FEED);
    described.add(Topics.DEAD_LETTERS);
    assertThat(topics().keySet()).containsExactlyInAnyOrderElementsOf(described);
    for (String type : eventTypes()) {
      assertThat(FAMILIES.stream().filter(family -> type.startsWith(family.typePrefix())))
          .as(type)
          .hasSize(1);
    }
  }

  private static Page page() throws Exception {
    Map<String, JsonNode> topics = topics();
    Map<String, Sources.Type> records = new HashMap<>();
    Sources.parse(Project.javaSources("contracts")).forEach(type -> records.put(type.name(), type));
    Page page =
        new Page("Events")
            .paragraph(
                """
                Facts travel over Kafka as CloudEvents 1.0 in binary mode: the attributes are record headers, the value is JSON.
                A change and its event commit together (outbox); a reader records the event id with its effect (inbox), so
                delivery is at least once and the effect once. Fields may be added as optional ones; a breaking change is a new
                type beside the old. Readers ignore fields they do not know.
                """)
            .table(
                List.of("header", "meaning"),
                List.of(
                    List.of("`ce_specversion`", "`1.0`"),
                    List.of(
                        "`ce_id`",
                        "unique for ever within `ce_source`; the same id has the same content"),
                    List.of("`ce_source`", "who says it"),
                    List.of("`ce_type`", "what happened, past tense"),
                    List.of("`ce_subject`", "id of the thing that it happened to"),
                    List.of("`ce_time`", "business time at which it happened"),
                    List.of(
                        "`ce_sequence`",
                        "1..n per key without a hole on `inventory.instances.v1`; ascending"
                            + " elsewhere"),
                    List.of("`ce_tenantid`", "the tenant that it belongs to, if any"),
                    List.of("`traceparent`", "W3C trace context of the request that caused it"),
                    List.of("`content-type`", "`application/json`")));
    for (Family family : FAMILIES) {
      describe(page, family, topics.get(family.topic()), records);
    }
    page.section("`" + Topics.FEED + "`")
        .paragraph(
            "Whatever belongs to a tenant on the topics of tenants, projects, memberships, quotas,"
                + " API keys, budgets, grants, instances, invoices and spend budgets, once more and"
                + " unchanged: what a tenant's programs listen to at `GET /api/v1/events`, and webhooks are told. After a"
                + " failure an event may stand there twice, with the same `ce_id`.")
        .paragraph(
            "Key: tenant id. Written by tenant-service, read by the gateway and, for webhooks, by"
                + " tenant-service. "
                + shape(topics.get(Topics.FEED)));
    JsonNode letters = topics.get(Topics.DEAD_LETTERS);
    return page.section("`" + Topics.DEAD_LETTERS + "`")
        .paragraph(
            "Records that a reader could not read, unchanged, with the headers `dead_letter_reason`"
                + " and `dead_letter_topic`. "
                + shape(letters));
  }

  private static void describe(
      Page page, Family family, JsonNode topic, Map<String, Sources.Type> records)
      throws Exception {
    Sources.Type data = records.get(family.data());
    List<String> types =
        eventTypes().stream()
            .filter(type -> type.startsWith(family.typePrefix()))
            .map(type -> "`" + type + "`")
            .toList();
    page.section("`" + family.topic() + "`")
        .paragraph(data.text())
        .paragraph(
            "Key: "
                + family.key()
                + ". Written by "
                + family.writer()
                + ", read by "
                + family.readers()
                + ". "
                + shape(topic)
                + "\nTypes: "
                + String.join(", ", types)
                + ".");
    fields(page, data);
    for (Sources.Member field : data.members()) {
      Sources.Type part = records.get(field.type().replaceAll("@\\w+\\s*", ""));
      if (part != null && part.record() && !part.name().endsWith("Id")) {
        nested(page, part);
        part.nested().stream().filter(Sources.Type::record).forEach(p -> nested(page, p));
      }
    }
    data.nested().stream().filter(Sources.Type::record).forEach(part -> nested(page, part));
  }

  private static void nested(Page page, Sources.Type part) {
    page.paragraph("`" + part.name() + "`: " + part.text());
    fields(page, part);
  }

  private static void fields(Page page, Sources.Type data) {
    page.table(
        List.of("field", "type", ""),
        data.members().stream()
            .map(
                field ->
                    List.of(
                        "`" + field.name() + "`",
                        "`" + field.type().replaceAll("@\\w+(\\([^)]*\\))?\\s*", "") + "`",
                        optional(field) ? "optional" : ""))
            .toList());
  }

  private static boolean optional(Sources.Member field) {
    return field.annotations().containsKey("Nullable") || field.type().contains("@Nullable");
  }

  private static String shape(JsonNode topic) {
    String partitions = topic.path("partitions").asInt() == 1 ? " partition" : " partitions";
    String kept =
        topic.path("cleanup").asText().equals("compact")
            ? "compacted: the newest value of each key is kept"
            : topic.path("retentionMs").asLong() < 0
                ? "kept for ever"
                : "kept for "
                    + Duration.ofMillis(topic.path("retentionMs").asLong()).toDays()
                    + " d";
    return topic.path("partitions").asInt() + partitions + ", " + kept + ".";
  }

  private static Map<String, JsonNode> topics() throws IOException {
    Map<String, JsonNode> topics = new HashMap<>();
    try (InputStream file =
        Topics.class.getResourceAsStream("/dev/gpucloud/contracts/topics.yaml")) {
      new ObjectMapper(new YAMLFactory())
          .readTree(file)
          .path("topics")
          .forEach(topic -> topics.put(topic.path("name").asText(), topic));
    }
    return topics;
  }

  private static List<String> eventTypes() throws IllegalAccessException {
    List<String> types = new ArrayList<>();
    for (Field constant : EventTypes.class.getFields()) {
      if (constant.get(null) instanceof String type) {
        types.add(type);
      }
    }
    return types;
  }
}
