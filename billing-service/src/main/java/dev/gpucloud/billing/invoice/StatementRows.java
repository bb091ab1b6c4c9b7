package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.correction.RowChanges;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.rating.engine.CreditEngine.Burn;
import dev.gpucloud.billing.rating.engine.RatedRow;
import dev.gpucloud.billing.statement.engine.CommitmentUse;
import dev.gpucloud.billing.statement.engine.CreditUse;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.billing.statement.engine.Payment;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
      RatedRow last = line.parts().stream().map(Part::row).max(RatedRow.BY_USAGE_TIME).orElse(null);
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
        @Nullable ProjectId project, @Nullable RatedRow last, Map<ProjectId, String> projects) {
      if (project == null) {
        return null;
      }
      return last == null
          ? Objects.requireNonNull(projects.get(project))
          : last.scope().projectSlug();
    }

    private static String unit(@Nullable RatedRow last) {
      return last == null ? "GPU_HOUR" : last.price().unit().name();
    }

    private static String description(StatementLine.Key key, @Nullable RatedRow last) {
      if (key.category() == LineCategory.CORRECTION) {
        return "%s, correction of %s".formatted(key.item(), key.originalMonth());
      }
      if (key.project() == null || last == null) {
        return key.category() == LineCategory.TRUE_UP
            ? "True-up to the spend committed, " + key.version()
            : key.item() + ", " + key.version();
      }
      String item =
          last.shape().migProfile() == null ? last.shape().gpuModel() : last.shape().instanceType();
      return "%s, %s, %s"
          .formatted(
              item,
              last.shape().purchaseClass().toLowerCase(Locale.ROOT).replace('_', '-'),
              last.shape().region());
    }
  }

  /** What a credit took of a row. */
  record Credit(String id, String amount) {}

  /** A row of rated_row. */
  record Detail(
      UUID tenantId,
      UUID invoiceId,
      int lineNumber,
      int rowNumber,
      UUID projectId,
      UUID instanceId,
      String instanceName,
      String instanceType,
      @Nullable String costCenter,
      UUID runId,
      Instant startAt,
      Instant endAt,
      long paddingMillis,
      long billedMillis,
      int gpus,
      int units,
      String category,
      String share,
      String quantity,
      @Nullable String coveredBy,
      String priceVersion,
      String listPrice,
      String basePrice,
      String unitPrice,
      String factors,
      String ratedAmount,
      List<Credit> credits,
      String creditAmount,
      String exactAmount) {

    static Detail of(InvoiceEntity invoice, StatementLine line, int index) {
      return of(invoice, line.number(), index + 1, line.parts().get(index));
    }

    static Detail of(InvoiceEntity invoice, int lineNumber, int rowNumber, Part part) {
      RatedRow row = part.row();
      return new Detail(
          invoice.tenantId,
          invoice.id,
          lineNumber,
          rowNumber,
          row.scope().projectId().value(),
          row.instanceId().value(),
          row.instanceName(),
          row.shape().instanceType(),
          row.scope().costCenter(),
          row.runId().value(),
          row.start(),
          row.end(),
          row.paddingMillis(),
          row.billedMillis(),
          row.shape().gpus(),
          row.shape().units(),
          part.category().name(),
          part.share().toString(),
          part.quantityHours().toString(),
          part.coveredBy(),
          row.price().version(),
          row.price().listPriceKrwPerHour().toString(),
          part.basePrice().toString(),
          part.unitPriceKrwPerHour().toString(),
          part.factors().stream()
              .map(f -> f.reason() + " x " + f.multiplier())
              .collect(Collectors.joining("; ")),
          part.amount().toString(),
          part.burns().stream().map(Detail::credit).toList(),
          part.creditAmount().toString(),
          part.netAmount().toString());
    }

    private static Credit credit(Burn burn) {
      return new Credit(burn.grantId().toString(), burn.amount().toString());
    }
  }

  /** A row of rated_row that takes another one back. */
  record TakenBack(
      UUID tenantId,
      UUID invoiceId,
      int lineNumber,
      int rowNumber,
      UUID fromInvoice,
      int fromLine,
      int fromRow) {
    static TakenBack of(
        InvoiceEntity invoice, StatementLine line, int rowNumber, RowChanges.StoredRow row) {
      return new TakenBack(
          invoice.tenantId,
          invoice.id,
          line.number(),
          rowNumber,
          row.invoice(),
          row.line(),
          row.row());
    }
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
}
