package dev.gpucloud.devstack.kafka;

import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.devstack.client.KafkaAccess;
import dev.gpucloud.devstack.client.Passwords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Who may do what on the broker, and which topics it has. A service writes its own topics and reads
 * those of the services it listens to; a site's agent reaches the topics of its site and, for
 * orders that it cannot read, adds to the dead letters.
 */
public final class BrokerPlan {
  private static final String READ = "READ,DESCRIBE";
  private static final String WRITE = "WRITE,DESCRIBE";

  private final List<String> principals = new ArrayList<>();
  private final List<String> acls = new ArrayList<>();
  private final Map<String, String> topics = new TreeMap<>();

  public BrokerPlan(List<String> sites, List<TopicShape> shapes) {
    service(
        "tenant-service",
        List.of("tenant."),
        List.of(
            "tenant.",
            "inventory.catalogue.",
            "inventory.closings.",
            "inventory.instances.",
            "billing.closings.",
            "billing.invoices.",
            "billing.spend-budgets.",
            Topics.AUDIT_ENTRIES));
    service(
        "inventory-service",
        List.of("inventory.", "site.orders."),
        List.of("tenant.", "inventory.", "billing.", "site."));
    service(
        "billing-service",
        List.of("billing."),
        List.of("tenant.", "inventory.", "billing.", "site.heartbeats."));
    service("gateway", List.of(), List.of(Topics.FEED));
    sites.forEach(this::agent);
    shapes.forEach(shape -> shape.forSites(sites, topics));
  }

  Properties toSetup(Passwords passwords) {
    Properties setup = new Properties();
    setup.setProperty("principal." + KafkaAccess.ADMIN, passwords.of("kafka:" + KafkaAccess.ADMIN));
    principals.forEach(
        name -> setup.setProperty("principal." + name, passwords.of("kafka:" + name)));
    for (int i = 0; i < acls.size(); i++) {
      setup.setProperty("acl." + i, acls.get(i));
    }
    topics.forEach((name, shape) -> setup.setProperty("topic." + name, shape));
    return setup;
  }

  private void service(String name, List<String> writes, List<String> reads) {
    principals.add(name);
    writes.forEach(prefix -> allow(name, WRITE, "TOPIC", "PREFIXED", prefix));
    reads.forEach(prefix -> allow(name, READ, "TOPIC", "PREFIXED", prefix));
    allow(name, WRITE, "TOPIC", "LITERAL", Topics.DEAD_LETTERS);
    if (!writes.isEmpty()) {
      allow(name, WRITE, "TOPIC", "LITERAL", Topics.AUDIT_ENTRIES);
    }
    allow(name, READ, "GROUP", "PREFIXED", name);
  }

  private void agent(String site) {
    String name = agentOf(site);
    principals.add(name);
    allow(name, READ, "TOPIC", "LITERAL", Topics.orders(site));
    allow(name, WRITE, "TOPIC", "LITERAL", Topics.reports(site));
    allow(name, WRITE, "TOPIC", "LITERAL", Topics.heartbeats(site));
    allow(name, WRITE, "TOPIC", "LITERAL", Topics.DEAD_LETTERS);
    allow(name, READ, "GROUP", "LITERAL", name);
  }

  /** The principal and the consumer group of a site's agent. */
  public static String agentOf(String site) {
    return "agent-" + site;
  }

  private void allow(String principal, String operations, String kind, String match, String name) {
    acls.add(String.join("|", principal, operations, kind, match, name));
  }
}
