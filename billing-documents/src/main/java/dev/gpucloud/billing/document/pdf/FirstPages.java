package dev.gpucloud.billing.document.pdf;

import dev.gpucloud.billing.document.invoice.InvoiceLine;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.invoice.Party;
import dev.gpucloud.billing.document.invoice.PrepaidPayment;
import dev.gpucloud.billing.document.invoice.PromotionalCredit;
import dev.gpucloud.billing.document.pdf.Sheet.Style;
import dev.gpucloud.billing.document.pdf.Table.Cell;
import dev.gpucloud.billing.document.pdf.Table.Column;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Won;
import java.awt.Color;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Who owes whom how much and for what: the pages that are paid from. */
final class FirstPages {
  private static final float HALF = Sheet.WIDTH / 2 - 8;
  private static final float LABEL = 66;
  private static final float TABLE_SIZE = 8.2f;
  private static final float TOTALS = 270;

  private final Sheet sheet;
  private final IssuedInvoice invoice;
  private final Language language;
  private final SortedMap<TaxType, List<InvoiceLine>> types;

  /** What is no supply has no supplier, no supply value and no VAT. */
  private final boolean isStatement;

  FirstPages(Sheet sheet, IssuedInvoice invoice, Language language) {
    this.sheet = sheet;
    this.invoice = invoice;
    this.language = language;
    this.types = invoice.linesByTaxType();
    this.isStatement = types.keySet().equals(Set.of(TaxType.OUT_OF_SCOPE));
  }

  void write() throws IOException {
    title();
    parties();
    facts();
    amountDue();
    lines();
    totals();
    credits();
    notes();
  }

  private String word(Words word) {
    return word.in(language);
  }

  private void title() throws IOException {
    sheet.text(Sheet.LEFT, sheet.y() - 22, Style.bold(26), Words.title(invoice.mode(), language));
    Style name = Style.bold(10.5f);
    sheet.right(Sheet.RIGHT, sheet.y() - 10, name, invoice.supplier().name(), 260);
    sheet.right(Sheet.RIGHT, sheet.y() - 24, Style.grey(9), invoice.number(), 260);
    sheet.down(38);
    sheet.rule(Sheet.LEFT, sheet.y(), Sheet.WIDTH, 2, Sheet.ACCENT);
    sheet.down(16);
  }

  private void parties() throws IOException {
    float top = sheet.y();
    float left =
        party(
            Sheet.LEFT, top, word(isStatement ? Words.ISSUER : Words.SUPPLIER), invoice.supplier());
    float right =
        party(
            Sheet.LEFT + HALF + 16,
            top,
            word(isStatement ? Words.ADDRESSEE : Words.RECIPIENT),
            invoice.recipient());
    sheet.moveTo(Math.min(left, right) - 12);
  }

  private float party(float x, float top, String head, Party party) throws IOException {
    sheet.text(x, top - 9, Style.bold(8.5f).in(Sheet.ACCENT), head);
    List<String> name = sheet.face(Style.bold(11)).wrap(party.name(), 11, HALF, 3);
    sheet.lines(x, top - 25, Style.bold(11), name, 14);
    float y = top - 25 - 14 * (name.size() - 1) - 15;
    y = field(x, y, Words.BUSINESS_NUMBER, party.printedNumber());
    y = field(x, y, Words.REPRESENTATIVE, party.representative());
    y = field(x, y, Words.ADDRESS, party.address());
    y = field(x, y, Words.BUSINESS, business(party));
    return field(x, y, Words.EMAIL, party.email());
  }

  private static @Nullable String business(Party party) {
    return party.businessType() == null || party.businessItem() == null
        ? party.businessType()
        : party.businessType() + " / " + party.businessItem();
  }

  private float field(float x, float y, Words label, @Nullable String value) throws IOException {
    if (value == null || value.isBlank()) {
      return y;
    }
    Style style = Style.plain(8.5f);
    sheet.left(x, y, Style.grey(8.5f), word(label), LABEL - 4);
    List<String> lines = sheet.face(style).wrap(value, 8.5f, HALF - LABEL, 3);
    sheet.lines(x + LABEL, y, style, lines, 11.5f);
    return y - 11.5f * (lines.size() - 1) - 13;
  }

  private void facts() throws IOException {
    float width = Sheet.WIDTH / 4;
    float height = 38;
    sheet.fill(Sheet.LEFT, sheet.y() - height, Sheet.WIDTH, height, Sheet.PALE);
    fact(0, width, Words.NUMBER, invoice.number());
    fact(1, width, Words.MONTH, Numbers.month(invoice.month(), language));
    fact(2, width, Words.WRITE_DATE, Numbers.date(invoice.writeDate(), language));
    LocalDate due = invoice.dueDate();
    if (due != null) {
      fact(3, width, Words.DUE_DATE, Numbers.date(due, language));
    }
    sheet.down(height);
  }

  private void fact(int index, float width, Words label, String value) throws IOException {
    float x = Sheet.LEFT + index * width + 10;
    sheet.left(x, sheet.y() - 14, Style.grey(7.5f), word(label), width - 14);
    sheet.left(x, sheet.y() - 28, Style.bold(10), value, width - 14);
  }

  /** What is to be paid, or what a report comes to. */
  private void amountDue() throws IOException {
    float height = 40;
    sheet.fill(Sheet.LEFT, sheet.y() - height, Sheet.WIDTH, height, Sheet.INK);
    float middle = sheet.y() - height / 2;
    Style white = Style.bold(11).in(Color.WHITE);
    boolean isOwed = invoice.mode().isOwed();
    String label = word(isOwed ? Words.AMOUNT_DUE : Words.TOTAL);
    sheet.text(Sheet.LEFT + 10, middle - 4, white, label);
    String amount = Numbers.money(isOwed ? invoice.due() : invoice.total(), language);
    sheet.right(Sheet.RIGHT - 10, middle - 6.5f, white.at(18), amount, Sheet.WIDTH - 150);
    sheet.down(height + 18);
  }

  private void lines() throws IOException {
    var table = new Table(sheet, columns(), TABLE_SIZE);
    table.head();
    for (Map.Entry<String, List<InvoiceLine>> group : invoice.linesByProject().entrySet()) {
      table.band(groupName(group.getKey()), word(Words.SUBTOTAL) + "  " + subtotal(group));
      for (InvoiceLine line : group.getValue()) {
        table.row(Style.plain(TABLE_SIZE), cells(line));
      }
    }
    sheet.down(14);
  }

  private List<Column> columns() {
    var columns = new ArrayList<Column>();
    columns.add(new Column(word(Words.ITEM), isStatement ? Sheet.WIDTH - 224 : 198, false));
    columns.add(new Column(word(Words.CATEGORY), 56, false));
    columns.add(new Column(word(Words.QUANTITY), 78, true));
    columns.add(
        new Column(word(isStatement ? Words.AMOUNT_WON : Words.SUPPLY_VALUE_WON), 90, true));
    if (!isStatement) {
      columns.add(new Column(word(Words.VAT_WON), Sheet.WIDTH - 422, true));
    }
    return columns;
  }

  /** Whether lines of several tax types stand beside each other. */
  private boolean isMixed() {
    return types.size() > 1;
  }

  private String groupName(String project) {
    return project.isEmpty() ? word(Words.ACCOUNT_LINES) : word(Words.PROJECT) + "  " + project;
  }

  private static String subtotal(Map.Entry<String, List<InvoiceLine>> group) {
    return Numbers.won(sum(group.getValue()));
  }

  private static Won sum(List<InvoiceLine> lines) {
    return lines.stream().map(InvoiceLine::supply).reduce(Won.ZERO, Won::plus);
  }

  private List<Cell> cells(InvoiceLine line) {
    boolean isLate = !line.originalMonth().equals(invoice.month());
    String below =
        line.sku()
            + "  ·  "
            + line.priceVersion()
            + (isLate ? "  ·  " + Numbers.month(line.originalMonth(), language) : "")
            + (isMixed() ? "  ·  " + Words.taxType(line.taxType(), language) : "");
    String quantity =
        line.unit() == InvoiceLine.Unit.NONE
            ? ""
            : Numbers.rough(line.quantity()) + Words.unit(line.unit(), language);
    var cells =
        new ArrayList<>(
            List.of(
                new Cell(Words.description(line, language), below),
                Cell.of(Words.category(line.category(), language)),
                Cell.of(quantity),
                Cell.of(Numbers.won(line.supply()))));
    if (!isStatement) {
      cells.add(Cell.of(Numbers.won(line.vat())));
    }
    return cells;
  }

  private void totals() throws IOException {
    float x = Sheet.RIGHT - TOTALS;
    for (String[] row : sums()) {
      Style style = row[0].equals(word(Words.TOTAL)) ? Style.bold(9) : Style.plain(9);
      List<String> label = sheet.face(style).wrap(row[0], 9, TOTALS - 138, 3);
      sheet.need(label.size() * 11 + 38);
      sheet.lines(x + 4, sheet.y() - 10, style, label, 11);
      sheet.right(Sheet.RIGHT - 4, sheet.y() - 10, style, row[1], 130);
      sheet.down(4 + label.size() * 11);
    }
    if (!invoice.mode().isOwed()) {
      sheet.down(12);
      return;
    }
    sheet.down(3);
    sheet.rule(x, sheet.y(), TOTALS, 1.2f, Sheet.INK);
    sheet.text(x + 4, sheet.y() - 17, Style.bold(11), word(Words.AMOUNT_DUE));
    String due = Numbers.money(invoice.due(), language);
    sheet.right(Sheet.RIGHT - 4, sheet.y() - 17, Style.bold(11), due, 170);
    sheet.down(34);
  }

  private List<String[]> sums() {
    var rows = new ArrayList<String[]>();
    if (isMixed()) {
      types.forEach((type, lines) -> rows.add(row(Words.supplyValue(type, language), sum(lines))));
    }
    if (!isStatement) {
      rows.add(row(word(Words.SUPPLY_VALUE), invoice.supplyValue()));
      rows.add(row(Words.vat(types.firstKey(), language), invoice.vat()));
    }
    rows.add(row(word(Words.TOTAL), invoice.total()));
    for (PrepaidPayment payment : invoice.payments()) {
      if (!payment.paid().equals(Won.ZERO)) {
        rows.add(row(word(Words.PREPAID) + " (" + payment.name() + ")", payment.paid().negate()));
      }
    }
    return rows;
  }

  private String[] row(String label, Won amount) {
    return new String[] {label, Numbers.money(amount, language)};
  }

  private void credits() throws IOException {
    if (invoice.credits().isEmpty()) {
      return;
    }
    sheet.need(30 + 12);
    sheet.text(Sheet.LEFT, sheet.y() - 9, Style.bold(8.5f).in(Sheet.ACCENT), word(Words.CREDITS));
    sheet.down(22);
    for (PromotionalCredit credit : invoice.credits()) {
      sheet.need(12);
      Style style = Style.plain(8.2f);
      List<String> name = sheet.face(style).wrap(credit.name(), 8.2f, Sheet.WIDTH - 190, 1);
      sheet.text(Sheet.LEFT, sheet.y() - 8, style, name.getFirst());
      String taken = Numbers.exact(credit.exact().negate());
      sheet.right(Sheet.RIGHT - 4, sheet.y() - 8, style, taken, 170);
      sheet.down(12);
    }
    note(word(isStatement ? Words.STATEMENT_CREDITS_NOTE : Words.CREDITS_NOTE));
    sheet.down(6);
  }

  private void notes() throws IOException {
    note(word(Words.ROUNDING_NOTE));
    if (invoice.pricesIncludeVat()) {
      note(word(Words.INCLUSIVE_NOTE));
    }
  }

  private void note(String text) throws IOException {
    Style style = Style.grey(7.5f);
    List<String> lines = sheet.face(style).wrap(text, 7.5f, Sheet.WIDTH, 3);
    sheet.need(lines.size() * 10);
    sheet.lines(Sheet.LEFT, sheet.y() - 8, style, lines, 10);
    sheet.down(lines.size() * 10 + 1);
  }
}
