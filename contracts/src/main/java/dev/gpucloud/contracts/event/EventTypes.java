package dev.gpucloud.contracts.event;

import java.util.List;

/** CloudEvents types, past tense. */
public final class EventTypes {
  public static final String TENANT_CREATED = "tenant.created";
  public static final String TENANT_UPDATED = "tenant.updated";
  public static final String PROJECT_CREATED = "project.created";
  public static final String PROJECT_UPDATED = "project.updated";
  public static final String MEMBERSHIP_SET = "membership.set";
  public static final String QUOTA_SET = "quota.set";
  public static final String API_KEY_REVOKED = "api-key.revoked";
  public static final String BUDGET_SET = "budget.set";
  public static final String BUDGET_RENEWED = "budget.renewed";
  public static final String BUDGET_WARNED = "budget.warned";
  public static final String BUDGET_EXHAUSTED = "budget.exhausted";
  public static final String GRANT_OFFERED = "grant.offered";
  public static final String GRANT_ACCEPTED = "grant.accepted";
  public static final String GRANT_STARTED = "grant.started";
  public static final String GRANT_NOTICED = "grant.noticed";
  public static final String GRANT_NOTICE_LIFTED = "grant.notice-lifted";
  public static final String GRANT_CLAWED_BACK = "grant.clawed-back";
  public static final String GRANT_ENDED = "grant.ended";
  public static final String GRANT_DECLINED = "grant.declined";
  public static final String GRANT_LAPSED = "grant.lapsed";
  public static final String CREDIT_GRANTED = "credit.granted";
  public static final String CREDIT_WITHDRAWN = "credit.withdrawn";
  public static final String PRICE_PUBLISHED = "price.published";
  public static final String INSTANCE_CREATED = "instance.created";
  public static final String INSTANCE_PROVISIONING = "instance.provisioning";
  public static final String INSTANCE_BOOT_FAILED = "instance.boot-failed";
  public static final String INSTANCE_RETRYING = "instance.retrying";
  public static final String INSTANCE_STARTED = "instance.started";
  public static final String INSTANCE_STOPPED = "instance.stopped";
  public static final String INSTANCE_RELEASED = "instance.released";
  public static final String INSTANCE_STARTING = "instance.starting";
  public static final String INSTANCE_DELETING = "instance.deleting";
  public static final String INSTANCE_DELETED = "instance.deleted";
  public static final String INSTANCE_FAILED = "instance.failed";
  public static final String INSTANCE_UPDATED = "instance.updated";
  public static final String INSTANCE_MAINTENANCE_SCHEDULED = "instance.maintenance-scheduled";
  public static final String INSTANCE_MAINTENANCE_CANCELLED = "instance.maintenance-cancelled";
  public static final String INSTANCE_REBOOTING = "instance.rebooting";
  public static final String INSTANCE_REBOOTED = "instance.rebooted";
  public static final String INSTANCE_RESIZING = "instance.resizing";
  public static final String INSTANCE_RESIZED = "instance.resized";
  public static final String INSTANCE_MOVED = "instance.moved";
  public static final String CATALOGUE_DECLARED = "catalogue.declared";
  public static final String INVENTORY_CLOSING_REPORTED = "inventory-closing.reported";
  public static final String INVOICE_ISSUED = "invoice.issued";
  public static final String INVOICE_OVERDUE = "invoice.overdue";
  public static final String INVOICE_NOTE_ISSUED = "invoice-note.issued";
  public static final String INVOICE_PART_ISSUED = "invoice-part.issued";
  public static final String INVOICE_PART_NOTE_ISSUED = "invoice-part-note.issued";
  public static final String SPEND_BUDGET_SET = "spend-budget.set";
  public static final String SPEND_BUDGET_REMOVED = "spend-budget.removed";
  public static final String SPEND_BUDGET_REACHED = "spend-budget.reached";
  public static final String SPEND_BUDGET_FORECAST_REACHED = "spend-budget.forecast-reached";
  public static final String SPEND_BUDGET_STOPPED = "spend-budget.stopped";
  public static final String SPEND_BUDGET_RESUMED = "spend-budget.resumed";
  public static final String BILLING_CLOSING_REPORTED = "billing-closing.reported";
  public static final String ORDER_ISSUED = "order.issued";
  public static final String RUN_REPORTED = "run.reported";
  public static final String CONSOLE_REPORTED = "console.reported";
  public static final String CAPABILITIES_DECLARED = "capabilities.declared";
  public static final String HOST_ALIVE = "host.alive";
  public static final String GPU_FAULTED = "gpu.faulted";
  public static final String HOST_ORDERED = "host.ordered";
  public static final String HOST_DISCOVERED = "host.discovered";
  public static final String HOST_BURNED_IN = "host.burned-in";
  public static final String VOLUME_ORDERED = "volume.ordered";
  public static final String VOLUME_REPORTED = "volume.reported";
  public static final String AUDIT_RECORDED = "audit.recorded";

  /** What happens to a tenant and stands in its feed ({@link Topics#FEED}). */
  public static final List<String> OF_TENANTS =
      List.of(
          TENANT_CREATED,
          TENANT_UPDATED,
          PROJECT_CREATED,
          PROJECT_UPDATED,
          MEMBERSHIP_SET,
          QUOTA_SET,
          API_KEY_REVOKED,
          BUDGET_SET,
          BUDGET_RENEWED,
          BUDGET_WARNED,
          BUDGET_EXHAUSTED,
          GRANT_OFFERED,
          GRANT_ACCEPTED,
          GRANT_STARTED,
          GRANT_NOTICED,
          GRANT_NOTICE_LIFTED,
          GRANT_CLAWED_BACK,
          GRANT_ENDED,
          GRANT_DECLINED,
          GRANT_LAPSED,
          CREDIT_GRANTED,
          CREDIT_WITHDRAWN,
          INSTANCE_CREATED,
          INSTANCE_PROVISIONING,
          INSTANCE_BOOT_FAILED,
          INSTANCE_RETRYING,
          INSTANCE_STARTED,
          INSTANCE_STOPPED,
          INSTANCE_RELEASED,
          INSTANCE_STARTING,
          INSTANCE_DELETING,
          INSTANCE_DELETED,
          INSTANCE_FAILED,
          INSTANCE_UPDATED,
          INSTANCE_MAINTENANCE_SCHEDULED,
          INSTANCE_MAINTENANCE_CANCELLED,
          INSTANCE_REBOOTING,
          INSTANCE_REBOOTED,
          INSTANCE_RESIZING,
          INSTANCE_RESIZED,
          INSTANCE_MOVED,
          INVOICE_ISSUED,
          INVOICE_OVERDUE,
          INVOICE_NOTE_ISSUED,
          INVOICE_PART_ISSUED,
          INVOICE_PART_NOTE_ISSUED,
          SPEND_BUDGET_SET,
          SPEND_BUDGET_REMOVED,
          SPEND_BUDGET_REACHED,
          SPEND_BUDGET_FORECAST_REACHED,
          SPEND_BUDGET_STOPPED,
          SPEND_BUDGET_RESUMED);

  private EventTypes() {}

  /** All types that begin like this one, such as {@code instance.*}. */
  public static String family(String type) {
    return type.substring(0, type.indexOf('.') + 1) + "*";
  }

  /** Whether {@link #OF_TENANTS} has the type, or a type of that family. */
  public static boolean isOfTenants(String typeOrFamily) {
    return OF_TENANTS.stream()
        .anyMatch(known -> known.equals(typeOrFamily) || family(known).equals(typeOrFamily));
  }
}
