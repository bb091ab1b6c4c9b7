package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.booked.Booked;
import dev.gpucloud.billing.correction.LateUsage;
import dev.gpucloud.billing.correction.RowChanges;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.ratedrow.RowsDocument;
import dev.gpucloud.billing.ratedrow.StoredRow;
import dev.gpucloud.billing.statement.engine.CommitmentUse;
import dev.gpucloud.billing.statement.engine.CreditUse;
import dev.gpucloud.billing.statement.engine.LastUse;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.billing.statement.engine.Payment;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A statement as rows; exact amounts are fractions as text. */
final class StatementRows {
  private StatementRows() {}

  /** A row of invoice_line. */
  record Line(
      UUID tenantId,
      UUID invoiceId,
      int lineNumber,
      @Nullable UUID projectId,
      @Nullable String projectSlug,
      String description,
      String sku,
      String priceVersion,
      String taxType,
      String category,
      String originalMonth,
      String unit,
      String quantity,
      String exactAmount,
      String roundingAmount,
      long amountKrw,
      long supplyKrw,
      long vatKrw) {

    static Line of(InvoiceEntity invoice, StatementLine line, Map<ProjectId, String> projects) {
      StatementLine.Key key = line.key();
      LastUse last = line.lastUse();
      boolean byTheHour = !line.quantityHours().isZero();
      return new Line(
          invoice.tenantId,
          invoice.id,
          line.number(),
          key.project() == null ? null : key.project().value(),
          slug(key.project(), last, projects),
          description(key, last),
          key.item(),
          key.version(),
          key.taxType().name(),
          key.category().name(),
          key.originalMonth().toString(),
          byTheHour ? unit(last) : "MONTH",
          byTheHour ? line.quantityHours().toString() : "1",
          line.exact().toString(),
          line.rounding().toString(),
          line.amount().amount(),
          line.supply().amount(),
          line.vat().amount());
    }

    private static @Nullable String slug(
        @Nullable ProjectId project, @Nullable LastUse last, Map<ProjectId, String> projects) {
      if (project == null) {
        return null;
      }
      return last == null ? Objects.requireNonNull(projects.get(project)) : last.projectSlug();
    }

    private static String unit(@Nullable LastUse last) {
      return last == null ? "GPU_HOUR" : last.unit().name();
    }

    private static String description(StatementLine.Key key, @Nullable LastUse last) {
      if (key.category() == LineCategory.CORRECTION) {
        return "%s, correction of %s".formatted(key.item(), key.originalMonth());
      }
      if (key.project() == null || last == null) {
        return key.category() == LineCategory.TRUE_UP
            ? "True-up to the spend committed, " + key.version()
            : key.item() + ", " + key.version();
      }
      return last.label();
    }
  }

  /** Every row below the lines; those that correct take back first what is not right any more. */
  static List<StoredRow> details(Statement statement, LateUsage.Settling late) {
    Map<StatementLine.Key, RowChanges> corrections = late.rows();
    var rows = new ArrayList<StoredRow>();
    for (StatementLine line : statement.lines()) {
      int number = 0;
      for (Part part : line.parts()) {
        rows.add(StoredRow.of(line.number(), ++number, part));
      }
      RowChanges behind = corrections.getOrDefault(line.key(), RowChanges.NONE);
      rows.addAll(behind.rows(line.number(), number));
    }
    return rows;
  }

  /** Which lines the rows of booked days belong to. */
  static List<RowsDocument.DayLine> dayLines(Statement statement, Booked booked) {
    record Used(ProjectId project, String sku, String version) {}
    Set<Used> used =
        booked.usage().stream()
            .map(u -> new Used(u.project(), u.sku(), u.version()))
            .collect(Collectors.toSet());
    return statement.lines().stream()
        .filter(line -> line.key().category() == LineCategory.USAGE && line.key().project() != null)
        .filter(
            line ->
                used.contains(
                    new Used(line.key().project(), line.key().item(), line.key().version())))
        .map(
            line ->
                new RowsDocument.DayLine(
                    line.number(),
                    line.key().project().value(),
                    line.key().item(),
                    line.key().version()))
        .toList();
  }

  /** A row of invoice_commitment. */
  record Commitment(
      UUID tenantId,
      UUID invoiceId,
      String commitment,
      String sku,
      String kind,
      String committedHours,
      String usedHours,
      String fee,
      String effective,
      String unused) {}

  static List<Commitment> commitments(InvoiceEntity invoice, Statement statement) {
    return statement.commitments().stream().map(u -> commitment(invoice, u)).toList();
  }

  private static Commitment commitment(InvoiceEntity invoice, CommitmentUse use) {
    return new Commitment(
        invoice.tenantId,
        invoice.id,
        use.commitment().id(),
        use.commitment().sku(),
        use.commitment().kind().name(),
        use.committedHours().toString(),
        use.usedHours().toString(),
        use.fee().toString(),
        use.effective().toString(),
        use.unused().toString());
  }

  /** A row of credit_burn. */
  record Burned(
      UUID tenantId, UUID grantId, UUID invoiceId, String month, String amount, String lapsed) {}

  static List<Burned> burns(InvoiceEntity invoice, Statement statement) {
    return statement.credits().stream()
        .filter(u -> u.burned().signum() > 0 || u.lapsed().signum() > 0)
        .map(u -> burned(invoice, u))
        .toList();
  }

  private static Burned burned(InvoiceEntity invoice, CreditUse use) {
    TenantId tenant = use.credit().tenant();
    return new Burned(
        tenant == null ? invoice.tenantId : tenant.value(),
        use.credit().grant().id(),
        invoice.id,
        invoice.month,
        use.burned().toString(),
        use.lapsed().toString());
  }

  /** A row of prepaid_payment. */
  record Paid(UUID tenantId, UUID prepaidId, UUID invoiceId, String month, long paidKrw) {}

  static List<Paid> payments(InvoiceEntity invoice, Statement statement) {
    return statement.payments().stream()
        .filter(p -> p.paid().amount() > 0)
        .map(p -> paid(invoice, p))
        .toList();
  }

  private static Paid paid(InvoiceEntity invoice, Payment payment) {
    return new Paid(
        invoice.tenantId,
        UUID.fromString(payment.credit().id()),
        invoice.id,
        invoice.month,
        payment.paid().amount());
  }

  /** A row of invoice_estimate. */
  record Estimate(UUID tenantId, UUID invoiceId, UUID runId, String aliveThrough) {}

  static List<Estimate> estimates(InvoiceEntity invoice, List<RunUsage> estimated) {
    return estimated.stream()
        .map(
            run ->
                new Estimate(
                    invoice.tenantId,
                    invoice.id,
                    run.runId().value(),
                    Objects.requireNonNull(run.lastSeen()).toString()))
        .toList();
  }
}
