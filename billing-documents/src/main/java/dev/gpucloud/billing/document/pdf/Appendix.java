package dev.gpucloud.billing.document.pdf;

import dev.gpucloud.billing.document.invoice.ExactRow;
import dev.gpucloud.billing.document.invoice.InvoiceLine;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.invoice.Project;
import dev.gpucloud.billing.document.pdf.Sheet.Style;
import dev.gpucloud.billing.document.pdf.Table.Cell;
import dev.gpucloud.billing.document.pdf.Table.Column;
import dev.gpucloud.contracts.money.Rational;
import java.io.IOException;
import java.util.List;

/** The exact rows behind each line, which sum to the line less its rounding. */
final class Appendix {
  private static final float SIZE = 7;
  private static final Cell EMPTY = Cell.of("");

  private final Sheet sheet;
  private final IssuedInvoice invoice;
  private final Language language;

  Appendix(Sheet sheet, IssuedInvoice invoice, Language language) {
    this.sheet = sheet;
    this.invoice = invoice;
    this.language = language;
  }

  void write() throws IOException {
    sheet.newPage();
    sheet.text(Sheet.LEFT, sheet.y() - 14, Style.bold(15), Words.APPENDIX.in(language));
    sheet.text(Sheet.LEFT, sheet.y() - 28, Style.grey(8), Words.APPENDIX_NOTE.in(language));
    if (hasEstimates()) {
      sheet.text(Sheet.LEFT, sheet.y() - 40, Style.grey(8), Words.ESTIMATE_NOTE.in(language));
      sheet.down(12);
    }
    sheet.down(40);
    var table = new Table(sheet, columns(), SIZE);
    table.head();
    for (InvoiceLine line : invoice.lines()) {
      write(table, line);
    }
  }

  private boolean hasEstimates() {
    return invoice.lines().stream()
        .flatMap(line -> line.rows().stream())
        .anyMatch(ExactRow::isEndEstimated);
  }

  private List<Column> columns() {
    return List.of(
        new Column(Words.INSTANCE.in(language), 138, false),
        new Column(Words.PERIOD.in(language), 86, false),
        new Column(Words.SECONDS.in(language), 52, true),
        new Column(Words.GPUS.in(language), 30, true),
        new Column(Words.PRICE_VERSION.in(language), 52, false),
        new Column(Words.UNIT_PRICE.in(language), 56, true),
        new Column(Words.EXACT_WON.in(language), Sheet.WIDTH - 414, true));
  }

  private void write(Table table, InvoiceLine line) throws IOException {
    Project project = line.project();
    String where = project == null ? "" : "  ·  " + project.name();
    table.band(
        Words.LINE.in(language)
            + " "
            + line.number()
            + "  ·  "
            + Words.description(line, language)
            + where,
        "");
    for (ExactRow row : line.rows()) {
      table.row(Style.plain(SIZE), cells(row));
    }
    if (!line.ownExact().isZero()) {
      table.row(Style.plain(SIZE), sum(Words.FIXED_AMOUNT, Numbers.exact(line.ownExact())));
    }
    Rational rounding = line.rounding();
    table.row(Style.grey(SIZE), sum(Words.ROUNDING, Numbers.exact(rounding)));
    table.row(Style.bold(SIZE), sum(Words.LINE_TOTAL, Numbers.won(line.amount())));
    sheet.down(6);
  }

  private List<Cell> sum(Words label, String amount) {
    return List.of(Cell.of(label.in(language)), EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, Cell.of(amount));
  }

  /** How much of the row is charged here, where a commitment or a grant parts it. */
  private static String share(ExactRow row) {
    Rational share = row.share();
    return share.equals(Rational.ONE) ? "" : "× " + Numbers.exact(share);
  }

  private List<Cell> cells(ExactRow row) {
    String credit =
        row.credit().isZero()
            ? ""
            : Words.CREDIT.in(language) + " " + Numbers.exact(row.credit().negate());
    String estimate = row.isEndEstimated() ? " " + Words.ESTIMATED.in(language) : "";
    return List.of(
        new Cell(row.instance().name(), row.instance().id()),
        new Cell(Numbers.seoul(row.start()), "– " + Numbers.seoul(row.end()) + estimate),
        Cell.of(Numbers.seconds(row.billedMillis())),
        Cell.of(row.gpusOrSlice()),
        Cell.of(row.priceVersion()),
        new Cell(
            row.isCovered() ? Words.COVERED.in(language) : Numbers.exact(row.unitPriceKrwPerHour()),
            share(row)),
        new Cell(Numbers.exact(row.exact()), credit));
  }
}
