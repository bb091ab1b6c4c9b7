package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Tenants as a person reads them: many in rows, one field by field. */
final class TenantTable {
  static final Columns LIST =
      new Columns()
          .text("SLUG", "slug")
          .text("NAME", "name")
          .text("KIND", "kind")
          .text("STATE", "state");

  /** As the platform lists them: with how they are billed. */
  static final Columns LIST_OF_ALL =
      new Columns()
          .text("SLUG", "slug")
          .text("NAME", "name")
          .text("KIND", "kind")
          .text("SEGMENT", "segment")
          .text("BILLING", "billingMode")
          .text("BUSINESS NO", "businessNumber")
          .text("STATE", "state");

  static final Columns HISTORY =
      new Columns()
          .time("AT (SEOUL)", "at")
          .text("STEP", "action")
          .text("STATE", "to")
          .text("BY", "actorName")
          .text("REASON", "reason");

  private static final String[] CONTACTS = {"billing", "technical", "security"};

  private final JsonNode tenant;
  private final Table table = new Table().left("FIELD").left("VALUE");

  private TenantTable(JsonNode tenant) {
    this.tenant = tenant;
  }

  /** Every field that has a value, then what stands against the tenant's end. */
  static String one(JsonNode tenant, Terminal terminal) {
    return new TenantTable(tenant).render(terminal);
  }

  private String render(Terminal terminal) {
    row("slug", "slug");
    row("name", "name");
    row("id", "id");
    row("kind", "kind");
    row("segment", "segment");
    row("parent", "parent");
    row("state", "state");
    row("reason", "stateReason");
    row("running stops at", "suspension.stopAt");
    row("billing", "billingMode");
    row("business number", "businessNumber");
    row("programme", "programme.name");
    row("programme ends", "programme.expires");
    row("country", "residency.country");
    row("CSAP zone from", "residency.minCsapZone");
    for (String contact : CONTACTS) {
      value(contact + " contact", contact(tenant.path("contacts").path(contact)));
    }
    value("when suspended", suspended(tenant.path("suspensionPolicy")));
    StringBuilder text = new StringBuilder(table.render(terminal));
    tenant
        .path("closingBlockers")
        .forEach(b -> text.append("still open: ").append(Fields.text(b, "detail")).append('\n'));
    return text.toString();
  }

  private void row(String label, String field) {
    value(label, Fields.text(tenant, field));
  }

  private void value(String label, String value) {
    if (!value.equals(Fields.NONE)) {
      table.row(label, value);
    }
  }

  private static String contact(JsonNode contact) {
    String email = Fields.text(contact, "email");
    String name = Fields.text(contact, "name");
    return name.equals(Fields.NONE) ? email : name + " <" + email + ">";
  }

  private static String suspended(JsonNode policy) {
    return switch (policy.path("running").asText()) {
      case "KEEP" -> "instances run on";
      case "STOP_AFTER" -> "instances stop after " + Fields.text(policy, "noticeHours") + " hours";
      default -> Fields.NONE;
    };
  }
}
