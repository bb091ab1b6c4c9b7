package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Writes heads of many invoices by one statement, where the session would take one for each. The
 * entities are not the session's own afterwards: what is changed in them later is not written.
 */
@ApplicationScoped
class InvoiceHeads {
  private final Rows rows;

  InvoiceHeads(Rows rows) {
    this.rows = rows;
  }

  /** A new row of invoice. */
  private record Drafted(
      UUID id,
      UUID tenantId,
      UUID accountId,
      String month,
      String state,
      String mode,
      String currency,
      String roundingPolicy,
      long supplyKrw,
      long vatKrw,
      long totalKrw,
      long usageKrw,
      boolean includesVat,
      long prepaidKrw,
      String tenantSlug,
      String tenantName,
      String accountName,
      String businessNumber,
      @Nullable String supplierName,
      @Nullable String supplierNumber,
      LocalDate writeDate,
      long meteredEvents,
      String[] preparers,
      String preparedBy,
      Instant preparedAt,
      long version) {
    static Drafted of(InvoiceEntity e) {
      return new Drafted(
          e.id,
          e.tenantId,
          e.accountId,
          e.month,
          e.state,
          e.mode.name(),
          e.currency,
          e.roundingPolicy,
          e.supplyKrw,
          e.vatKrw,
          e.totalKrw,
          e.usageKrw,
          e.includesVat,
          e.prepaidKrw,
          e.tenantSlug,
          e.tenantName,
          e.accountName,
          e.businessNumber,
          e.supplierName,
          e.supplierNumber,
          e.writeDate,
          e.meteredEvents,
          e.preparers,
          e.preparedBy,
          e.preparedAt,
          e.version);
    }
  }

  /** Inserts drafts that nobody has moved yet. */
  Uni<Void> insert(Mutiny.Session s, List<InvoiceEntity> drafts) {
    return rows.writeAll(
        s,
        """
        insert into invoice
          (id, tenant_id, account_id, month, state, mode, currency, rounding_policy, supply_krw,
           vat_krw, total_krw, usage_krw, includes_vat, prepaid_krw, tenant_slug, tenant_name,
           account_name, business_number, supplier_name, supplier_number, write_date,
           metered_events, preparers, prepared_by, prepared_at, version)
        select * from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as h (
          id uuid, "tenantId" uuid, "accountId" uuid, month text, state text, mode text,
          currency text, "roundingPolicy" text, "supplyKrw" bigint, "vatKrw" bigint,
          "totalKrw" bigint, "usageKrw" bigint, "includesVat" boolean, "prepaidKrw" bigint,
          "tenantSlug" text, "tenantName" text, "accountName" text, "businessNumber" text,
          "supplierName" text, "supplierNumber" text, "writeDate" date, "meteredEvents" bigint,
          preparers text[], "preparedBy" text, "preparedAt" timestamptz, version bigint)""",
        drafts.stream().map(Drafted::of).toList());
  }

  /** What an issue changes in a head. */
  private record Issued(
      UUID id,
      long version,
      String state,
      String number,
      String[] preparers,
      String issuedBy,
      Instant issuedAt,
      String tenantSlug,
      String tenantName,
      String accountName,
      String businessNumber) {
    static Issued of(InvoiceEntity e) {
      return new Issued(
          e.id,
          e.version,
          e.state,
          Objects.requireNonNull(e.number),
          e.preparers,
          Objects.requireNonNull(e.issuedBy),
          Objects.requireNonNull(e.issuedAt),
          e.tenantSlug,
          e.tenantName,
          e.accountName,
          e.businessNumber);
    }
  }

  /** Writes what an issue changed in heads that this transaction has locked. */
  Uni<Void> issue(Mutiny.Session s, List<InvoiceEntity> of) {
    return Sql.update(
            s,
            """
            update invoice i
            set state = h.state, number = h.number, preparers = h.preparers,
                issued_by = h."issuedBy", issued_at = h."issuedAt", tenant_slug = h."tenantSlug",
                tenant_name = h."tenantName", account_name = h."accountName",
                business_number = h."businessNumber", version = i.version + 1
            from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as h (
              id uuid, version bigint, state text, number text, preparers text[], "issuedBy" text,
              "issuedAt" timestamptz, "tenantSlug" text, "tenantName" text, "accountName" text,
              "businessNumber" text)
            where i.id = h.id and i.version = h.version""",
            rows.text(of.stream().map(Issued::of).toList()))
        .invoke(
            written -> {
              if (written != of.size()) {
                throw new IllegalStateException(
                    written + " of " + of.size() + " locked invoices were written");
              }
              of.forEach(e -> e.version++);
            })
        .replaceWithVoid();
  }
}
