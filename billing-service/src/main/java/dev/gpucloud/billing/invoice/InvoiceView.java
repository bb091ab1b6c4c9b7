package dev.gpucloud.billing.invoice;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.gpucloud.billing.correction.NoteLineView;
import dev.gpucloud.billing.ratedrow.StoredRow;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Money;
import dev.gpucloud.contracts.money.Rational;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An invoice as it is shown. Exact amounts stand twice: with 12 decimals for reading, and as a
 * fraction for recomputing; the details of a line and its rounding sum to its amount.
 */
@Schema(name = "Invoice")
record InvoiceView(
    InvoiceId id,
    @Nullable String number,
    TenantView tenant,
    AccountView account,
    @Nullable SupplierView supplier,
    @Schema(
            description =
                "True when the invoice was issued to another tenant of the same business number:"
                    + " lines and amounts are those of the tenant that asks.")
        boolean part,
    String month,
    String state,
    LocalDate writeDate,
    String currency,
    String roundingPolicy,
    @Nullable List<LineView> lines,
    Money supplyValue,
    Money vat,
    Money total,
    Money prepaid,
    Money due,
    @Schema(description = "What issued notes changed of the total; negative where they took back.")
        Money noted,
    @Nullable List<CreditView> credits,
    @Nullable List<CommitmentView> commitments,
    @Nullable List<PaymentView> payments,
    @Nullable List<NoteView> notes,
    @Nullable String preparedBy,
    @Nullable String submittedBy,
    @Nullable String approvedBy,
    @Nullable String issuedBy,
    Instant preparedAt,
    @Nullable Instant submittedAt,
    @Nullable Instant approvedAt,
    @Nullable Instant issuedAt,
    @Nullable List<HistoryView> history,
    long version) {

  /** The tenant the document belongs to, as named then. */
  @Schema(name = "InvoiceTenant")
  record TenantView(TenantId id, String slug, String name) {}

  /** The legal entity that is charged, as named then. */
  @Schema(name = "InvoiceAccount")
  record AccountView(String id, String name, String businessNumber, String mode) {}

  /** The legal entity that sells. */
  @Schema(name = "InvoiceSupplier")
  record SupplierView(String name, String businessNumber) {}

  /** A project by id and slug. */
  @Schema(name = "InvoiceProject")
  record ProjectView(ProjectId id, String slug) {}

  /**
   * A line in whole won; a line of the account has no project, and what it is for stands in sku and
   * priceVersion: the price version, or the reference of the contract, fee or commitment.
   */
  @Schema(name = "InvoiceLine")
  record LineView(
      int lineNumber,
      String description,
      @Nullable ProjectView project,
      String sku,
      String priceVersion,
      String originalMonth,
      String category,
      String taxType,
      String quantity,
      String unit,
      String exactAmount,
      String exactFraction,
      String roundingAmount,
      String roundingFraction,
      Money amount,
      Money supply,
      Money vat,
      List<DetailView> details) {}

  /** An instance by id, name and type. */
  @Schema(name = "InvoiceInstance")
  record InstanceView(InstanceId id, String name, String instanceType) {}

  /**
   * A stretch of a run at one price, in exact won; {@code factors} say how its price came about.
   */
  @Schema(name = "InvoiceDetail")
  record DetailView(
      InstanceView instance,
      RunId runId,
      Instant start,
      Instant end,
      @Schema(
              description =
                  "True where the run ended without proof: its last sign of life and a minute. A"
                      + " true stop corrects it later.")
          @Nullable Boolean isEndEstimated,
      String billedSeconds,
      String paddingSeconds,
      int gpus,
      String category,
      String shareFraction,
      @Nullable String coveredBy,
      String priceVersion,
      String listPrice,
      String basePrice,
      String unitPrice,
      String factors,
      String ratedAmount,
      String creditAmount,
      @JsonRawValue @Schema(implementation = RowCredit[].class) String credits,
      String exactAmount,
      String exactFraction,
      @Nullable String costCenter) {}

  /** What one credit took of a row, as an exact fraction. */
  @Schema(name = "InvoiceRowCredit")
  record RowCredit(String id, String amount) {}

  /** What a promotional credit took off the lines, exact. */
  @Schema(name = "InvoiceCredit")
  record CreditView(
      String id,
      String name,
      String exactAmount,
      String exactFraction,
      String lapsedFraction,
      @Schema(
              description =
                  "What late usage took after all of what had lapsed, by invoices or notes issued"
                      + " since.")
          @Nullable String lapseTakenBackFraction) {}

  /** How the month used a commitment: exact hours and won. */
  @Schema(name = "InvoiceCommitment")
  record CommitmentView(
      String id,
      String sku,
      String kind,
      String committedHours,
      String usedHours,
      String fee,
      String effective,
      String unused) {}

  /** What prepaid credit paid of the total. */
  @Schema(name = "InvoicePayment")
  record PaymentView(String id, Money paid) {}

  /** An issued note against the invoice; its number takes its documents as an invoice's does. */
  @Schema(name = "InvoiceNoteSummary")
  record NoteView(
      NoteId id,
      String number,
      String kind,
      int reason,
      String description,
      LocalDate writeDate,
      @Nullable LocalDate periodFrom,
      @Nullable LocalDate periodTo,
      Money supplyValue,
      Money vat,
      Money total,
      @Schema(
              description =
                  "What it changes by tax type and project. In a tenant's part of an invoice, its own"
                      + " projects alone; the amounts above are their sum.")
          List<NoteLineView> lines,
      Instant issuedAt) {
    static NoteView of(Row r) {
      String from = r.textOrNull(6);
      String to = r.textOrNull(7);
      return new NoteView(
          new NoteId(r.uuid(0)),
          r.text(1),
          r.text(2),
          (int) r.number(3),
          r.text(4),
          LocalDate.parse(r.text(5)),
          from == null ? null : LocalDate.parse(from),
          to == null ? null : LocalDate.parse(to),
          Money.krw(r.number(8)),
          Money.krw(r.number(9)),
          Money.krw(Math.addExact(r.number(8), r.number(9))),
          NoteLineView.parse(r.textOrNull(11)),
          r.instant(10));
    }
  }

  /** What is read below a head. */
  record Below(
      List<Row> lines,
      List<StoredRow> details,
      List<Row> credits,
      List<Row> commitments,
      List<Row> payments,
      List<Row> notes,
      List<Row> history) {}

  /** One move. */
  @Schema(name = "InvoiceMove")
  record HistoryView(
      String action, String state, String by, Instant at, @Nullable String comment) {}

  /** Amounts in won as a reader sees them. */
  record Amounts(boolean part, long supply, long vat, long prepaid, long noted) {
    static Amounts of(InvoiceEntity e) {
      return new Amounts(false, e.supplyKrw, e.vatKrw, e.prepaidKrw, e.notedKrw);
    }

    /** What is paid is known of the whole alone. */
    static Amounts ofPart(long supply, long vat, long noted) {
      return new Amounts(true, supply, vat, 0, noted);
    }

    long total() {
      return supply + vat;
    }
  }

  /** The head alone, for lists. */
  static InvoiceView head(InvoiceEntity e) {
    return head(e, Amounts.of(e));
  }

  static InvoiceView head(InvoiceEntity e, Amounts amounts) {
    return of(e, amounts, null, null, null, null, null, null);
  }

  /** What one tenant sees of another's document. */
  static InvoiceView part(
      InvoiceEntity e,
      Amounts amounts,
      List<Row> lines,
      List<StoredRow> details,
      List<Row> credits,
      List<Row> notes) {
    return of(
        e,
        amounts,
        lines(lines, details),
        credits(credits),
        null,
        null,
        notes.stream().map(NoteView::of).toList(),
        null);
  }

  private static List<LineView> lines(List<Row> lines, List<StoredRow> details) {
    Map<Integer, List<DetailView>> byLine =
        details.stream()
            .collect(
                Collectors.groupingBy(
                    StoredRow::line, Collectors.mapping(InvoiceView::detail, Collectors.toList())));
    return lines.stream()
        .map(r -> line(r, byLine.getOrDefault((int) r.number(0), List.of())))
        .toList();
  }

  private static List<CreditView> credits(List<Row> credits) {
    return credits.stream()
        .map(
            r ->
                new CreditView(
                    r.text(0),
                    r.text(1),
                    r.rational(2).toDecimal12(),
                    r.text(2),
                    r.text(3),
                    sum(r.textOrNull(4))))
        .toList();
  }

  private static @Nullable String sum(@Nullable String fractions) {
    return fractions == null
        ? null
        : Arrays.stream(fractions.split(","))
            .map(Rational::parse)
            .reduce(Rational.ZERO, Rational::add)
            .toString();
  }

  static InvoiceView of(InvoiceEntity e, Below below) {
    return of(
        e,
        Amounts.of(e),
        lines(below.lines(), below.details()),
        credits(below.credits()),
        below.commitments().stream().map(InvoiceView::commitment).toList(),
        below.payments().stream()
            .map(r -> new PaymentView(r.text(0), Money.krw(r.number(1))))
            .toList(),
        below.notes().stream().map(NoteView::of).toList(),
        below.history().stream()
            .map(
                r ->
                    new HistoryView(r.text(0), r.text(1), r.text(2), r.instant(3), r.textOrNull(4)))
            .toList());
  }

  private static InvoiceView of(
      InvoiceEntity e,
      Amounts amounts,
      @Nullable List<LineView> lines,
      @Nullable List<CreditView> credits,
      @Nullable List<CommitmentView> commitments,
      @Nullable List<PaymentView> payments,
      @Nullable List<NoteView> notes,
      @Nullable List<HistoryView> history) {
    return new InvoiceView(
        new InvoiceId(e.id),
        e.number,
        new TenantView(new TenantId(e.tenantId), e.tenantSlug, e.tenantName),
        new AccountView(e.accountId.toString(), e.accountName, e.businessNumber, e.mode.name()),
        e.supplierName == null || e.supplierNumber == null
            ? null
            : new SupplierView(e.supplierName, e.supplierNumber),
        amounts.part(),
        e.month,
        e.state,
        e.writeDate,
        e.currency,
        e.roundingPolicy,
        lines,
        Money.krw(amounts.supply()),
        Money.krw(amounts.vat()),
        Money.krw(amounts.total()),
        Money.krw(amounts.prepaid()),
        Money.krw(e.mode.isOwed() ? amounts.total() - amounts.prepaid() : 0),
        Money.krw(amounts.noted()),
        credits,
        commitments,
        payments,
        notes,
        last(history, "CREATE"),
        last(history, "SUBMIT"),
        last(history, "APPROVE"),
        last(history, "ISSUE"),
        e.preparedAt,
        e.submittedAt,
        e.approvedAt,
        e.issuedAt,
        history,
        e.version);
  }

  private static @Nullable String last(@Nullable List<HistoryView> history, String action) {
    return history == null
        ? null
        : history.stream()
            .filter(h -> h.action().equals(action))
            .map(HistoryView::by)
            .reduce((a, b) -> b)
            .orElse(null);
  }

  private static LineView line(Row r, List<DetailView> details) {
    return new LineView(
        (int) r.number(0),
        r.text(1),
        r.textOrNull(2) == null ? null : new ProjectView(new ProjectId(r.uuid(2)), r.text(3)),
        r.text(4),
        r.text(5),
        r.text(14),
        r.text(6),
        r.text(7),
        plain(r.rational(8)),
        r.text(9),
        r.rational(10).toDecimal12(),
        r.text(10),
        r.rational(11).toDecimal12(),
        r.text(11),
        Money.krw(r.number(12)),
        Money.krw(r.number(15)),
        Money.krw(r.number(13)),
        details);
  }

  private static CommitmentView commitment(Row r) {
    return new CommitmentView(
        r.text(0),
        r.text(1),
        r.text(2),
        plain(r.rational(3)),
        plain(r.rational(4)),
        plain(r.rational(5)),
        plain(r.rational(6)),
        plain(r.rational(7)));
  }

  private static DetailView detail(StoredRow r) {
    return new DetailView(
        new InstanceView(new InstanceId(r.instance()), r.instanceName(), r.instanceType()),
        new RunId(r.run()),
        r.start(),
        r.end(),
        r.isEndEstimated() ? true : null,
        seconds(r.billedMillis()),
        seconds(r.paddingMillis()),
        r.gpus(),
        r.category(),
        r.share(),
        r.coveredBy(),
        r.priceVersion(),
        plain(Rational.parse(r.listPrice())),
        plain(Rational.parse(Objects.requireNonNullElse(r.basePrice(), r.listPrice()))),
        plain(Rational.parse(r.unitPrice())),
        r.factors(),
        Rational.parse(r.ratedAmount()).toDecimal12(),
        Rational.parse(r.creditAmount()).toDecimal12(),
        r.credits(),
        Rational.parse(r.exactAmount()).toDecimal12(),
        r.exactAmount(),
        r.costCenter());
  }

  /** Up to 12 decimals, without trailing zeros. */
  private static String plain(Rational value) {
    return plain(new BigDecimal(value.toDecimal12()));
  }

  private static String seconds(long millis) {
    return plain(BigDecimal.valueOf(millis, 3));
  }

  private static String plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return (stripped.scale() < 0 ? stripped.setScale(0) : stripped).toPlainString();
  }
}
