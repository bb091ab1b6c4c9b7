package dev.gpucloud.tenant.notifications.engine;

import static dev.gpucloud.tenant.notifications.engine.Audience.BILLING;
import static dev.gpucloud.tenant.notifications.engine.Audience.INVITED;
import static dev.gpucloud.tenant.notifications.engine.Audience.OPERATORS;
import static dev.gpucloud.tenant.notifications.engine.Audience.OWNERS;
import static dev.gpucloud.tenant.notifications.engine.Audience.PERSON;
import static dev.gpucloud.tenant.notifications.engine.Audience.PLATFORM;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Everything that people are told of: who is told, and which values the text may name. */
public enum NotificationKind {
  INVITATION_SENT(
      "invitation.sent", Set.of(INVITED), "tenantName", "inviter", "roles", "expiresAt"),
  APPLICATION_RECEIVED("application.received", Set.of(PERSON), "tenantName"),
  APPLICATION_SUBMITTED(
      "application.submitted",
      Set.of(PLATFORM),
      "tenantName",
      "slug",
      "applicant",
      "email",
      "purpose",
      "application"),
  APPLICATION_APPROVED("application.approved", Set.of(PERSON), "tenantName", "note"),
  APPLICATION_REJECTED("application.rejected", Set.of(PERSON), "tenantName", "note"),
  TENANT_SUSPENDED("tenant.suspended", Set.of(OWNERS, BILLING), "tenantName", "reason", "stopAt"),
  TENANT_RESUMED("tenant.resumed", Set.of(OWNERS, BILLING), "tenantName"),
  TENANT_SUSPENDED_ABOVE(
      "tenant.suspended-above", Set.of(OWNERS, OPERATORS), "tenantName", "above"),
  TENANT_RESUMED_ABOVE("tenant.resumed-above", Set.of(OWNERS, OPERATORS), "tenantName", "above"),
  TENANT_CLOSING("tenant.closing", Set.of(OWNERS, BILLING), "tenantName", "reason"),
  TENANT_CLOSED("tenant.closed", Set.of(OWNERS, BILLING), "tenantName"),
  QUOTA_REQUEST_GRANTED(
      "quota-request.granted", Set.of(OWNERS), "model", "wantedGpus", "grantedGpus", "note"),
  QUOTA_REQUEST_REFUSED("quota-request.refused", Set.of(OWNERS), "model", "wantedGpus", "note"),
  BUDGET_WARNED(
      "budget.warned",
      Set.of(OWNERS, BILLING),
      "model",
      "project",
      "usedPct",
      "limitGpuHours",
      "windowEnd"),
  BUDGET_EXHAUSTED(
      "budget.exhausted",
      Set.of(OWNERS, BILLING),
      "model",
      "project",
      "limitGpuHours",
      "windowEnd"),
  GRANT_OFFERED("grant.offered", Set.of(OWNERS), "programme", "model", "gpus", "acceptBy"),
  GRANT_OFFERED_WITHOUT_TENANT(
      "grant.offered-without-tenant",
      Set.of(PERSON),
      "programme",
      "applicant",
      "model",
      "gpus",
      "acceptBy",
      "application"),
  GRANT_LAPSED(
      "grant.lapsed",
      Set.of(OWNERS, PERSON),
      "programme",
      "applicant",
      "model",
      "gpus",
      "acceptBy"),
  GRANT_REFUSED("grant.refused", Set.of(OWNERS, PERSON), "programme", "model", "gpus"),
  GRANT_NOTICED(
      "grant.noticed", Set.of(OWNERS), "programme", "model", "gpus", "usedPct", "clawBackAt"),
  GRANT_CLAWED_BACK("grant.clawed-back", Set.of(OWNERS), "programme", "model", "gpus", "usedPct"),
  GRANT_ENDED_BY_CLOSING("grant.ended-by-closing", Set.of(OWNERS), "programme", "model", "gpus"),
  CREDIT_WITHDRAWN(
      "credit.withdrawn", Set.of(OWNERS, BILLING), "name", "amountWon", "withdrawnAt", "reason"),
  API_KEY_CREATED("api-key.created", Set.of(OWNERS, PERSON), "keyName", "createdBy", "expiresAt"),
  API_KEY_EXPIRING("api-key.expiring", Set.of(PERSON), "keyName", "expiresAt"),
  INSTANCE_MAINTENANCE_SCHEDULED(
      "instance.maintenance-scheduled",
      Set.of(OWNERS, OPERATORS),
      "instanceName",
      "project",
      "site",
      "maintenanceAt",
      "reason"),
  INSTANCE_MAINTENANCE_CANCELLED(
      "instance.maintenance-cancelled",
      Set.of(OWNERS, OPERATORS),
      "instanceName",
      "project",
      "site"),
  INVOICE_ISSUED(
      "invoice.issued",
      Set.of(BILLING),
      "number",
      "month",
      "totalWon",
      "withVatWon",
      "withoutVatWon",
      "openWon",
      "dueOn"),
  INVOICE_NOTE_ISSUED(
      "invoice-note.issued",
      Set.of(BILLING),
      "number",
      "invoiceNumber",
      "totalWon",
      "withVatWon",
      "withoutVatWon"),
  INVOICE_PART_ISSUED(
      "invoice-part.issued",
      Set.of(BILLING),
      "number",
      "month",
      "totalWon",
      "withVatWon",
      "withoutVatWon"),
  INVOICE_PART_NOTE_ISSUED(
      "invoice-part-note.issued",
      Set.of(BILLING),
      "number",
      "invoiceNumber",
      "month",
      "totalWon",
      "withVatWon",
      "withoutVatWon"),
  INVOICE_OVERDUE(
      "invoice.overdue",
      Set.of(OWNERS, BILLING),
      "number",
      "month",
      "totalWon",
      "openWon",
      "dueOn",
      "daysLate"),
  SPEND_BUDGET_REACHED(
      "spend-budget.reached",
      Set.of(OWNERS, BILLING),
      "name",
      "project",
      "month",
      "reachedPct",
      "spentWon",
      "forecastWon",
      "amountWon"),
  SPEND_BUDGET_FORECAST_REACHED(
      "spend-budget.forecast-reached",
      Set.of(OWNERS, BILLING),
      "name",
      "project",
      "month",
      "reachedPct",
      "spentWon",
      "forecastWon",
      "amountWon"),
  SPEND_BUDGET_STOPPED(
      "spend-budget.stopped",
      Set.of(OWNERS, BILLING),
      "name",
      "project",
      "month",
      "spentWon",
      "amountWon",
      "stopAtPct",
      "monthEnd"),
  SPEND_BUDGET_RESUMED(
      "spend-budget.resumed", Set.of(OWNERS, BILLING), "name", "project", "month", "amountWon"),
  WEBHOOK_DISABLED("webhook.disabled", Set.of(OWNERS), "url", "failingSince", "problem"),
  WEBHOOK_TEST("webhook.test", Set.of());

  private final String word;
  private final Set<Audience> audience;
  private final List<String> names;

  NotificationKind(String word, Set<Audience> audience, String... names) {
    this.word = word;
    this.audience = audience;
    this.names = List.of(names);
  }

  /** Its name in addresses, answers and webhooks. */
  public String word() {
    return word;
  }

  public Set<Audience> audience() {
    return audience;
  }

  /** The values that its text may name; those that are not given are left out of it. */
  public List<String> names() {
    return names;
  }

  /** The kind of a name; empty for an unknown one. */
  public static Optional<NotificationKind> ofWord(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** All names, in the order of this list. */
  public static List<String> words() {
    return Arrays.stream(NotificationKind.values()).map(NotificationKind::word).toList();
  }
}
