package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.InvoiceState;
import dev.gpucloud.billing.invoice.engine.InvoiceState.Approved;
import dev.gpucloud.billing.invoice.engine.InvoiceState.Draft;
import dev.gpucloud.billing.invoice.engine.InvoiceState.InReview;
import dev.gpucloud.billing.invoice.engine.InvoiceState.Issued;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.jspecify.annotations.Nullable;

/** The head of an invoice; its lines and rows are written once, in bulk, and never by Hibernate. */
@Entity
@Table(name = "invoice")
@SuppressWarnings("NullAway.Init")
class InvoiceEntity {
  @Id UUID id;
  UUID tenantId;
  UUID accountId;
  String month;
  String state;
  @Nullable String number;

  @Enumerated(EnumType.STRING)
  BillingMode mode;

  String currency;
  String roundingPolicy;
  long supplyKrw;
  long vatKrw;
  long totalKrw;
  long usageKrw;
  boolean includesVat;
  long prepaidKrw;
  String tenantSlug;
  String tenantName;
  String accountName;
  String businessNumber;
  @Nullable String supplierName;
  @Nullable String supplierNumber;
  LocalDate writeDate;
  long meteredEvents;
  String[] preparers;

  /** Whose usage it charged, noted by the database at its issue. */
  @Column(insertable = false, updatable = false)
  UUID @Nullable [] tenants;

  String preparedBy;
  @Nullable String submittedBy;
  @Nullable String approvedBy;
  @Nullable String issuedBy;
  Instant preparedAt;
  @Nullable Instant submittedAt;
  @Nullable Instant approvedAt;
  @Nullable Instant issuedAt;

  /** What issued notes changed of its total. */
  @Formula(
      "(select coalesce(sum(n.total_krw), 0) from invoice_note n"
          + " where n.invoice_id = id and n.state = 'ISSUED')")
  long notedKrw;

  @Version long version;

  protected InvoiceEntity() {}

  /** Whether it is the tenant's own document, or charged it as well. */
  boolean concerns(UUID tenant) {
    return isOf(tenant) || tenants != null && Arrays.asList(tenants).contains(tenant);
  }

  /** Whether it is the tenant's own document. */
  boolean isOf(UUID tenant) {
    return tenantId.equals(tenant);
  }

  InvoiceState toState() {
    Set<String> all = Set.of(preparers);
    return switch (state) {
      case "DRAFT" -> new Draft(all);
      case "IN_REVIEW" -> new InReview(all);
      case "APPROVED" -> new Approved(all, Objects.requireNonNull(approvedBy));
      case "ISSUED" ->
          new Issued(all, Objects.requireNonNull(approvedBy), Objects.requireNonNull(number));
      default -> throw new IllegalStateException("invoice " + id + " in state " + state);
    };
  }

  /** Takes over what the state says; who and when a move was made is set by the move. */
  void moveTo(InvoiceState next) {
    state = next.name();
    preparers = next.preparers().stream().sorted().toArray(String[]::new);
    switch (next) {
      case Draft d -> {
        approvedBy = null;
        approvedAt = null;
      }
      case InReview r -> {}
      case Approved a -> approvedBy = a.approvedBy();
      case Issued i -> number = i.number();
    }
  }
}
