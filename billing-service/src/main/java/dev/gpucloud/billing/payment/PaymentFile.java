package dev.gpucloud.billing.payment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.gpucloud.billing.payment.engine.Receipt;
import dev.gpucloud.contracts.problem.FieldError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bank's list of receipts as CSV with a line of names, in UTF-8 or EUC-KR. Columns are known by
 * their English or Korean names, in any order; others are ignored. A row whose amount is empty or 0
 * is a payment out and is skipped.
 */
final class PaymentFile {
  private static final Map<String, Column> COLUMNS =
      Map.ofEntries(
          Map.entry("date", Column.DATE),
          Map.entry("거래일자", Column.DATE),
          Map.entry("거래일시", Column.DATE),
          Map.entry("입금일", Column.DATE),
          Map.entry("amount", Column.AMOUNT),
          Map.entry("입금액", Column.AMOUNT),
          Map.entry("입금", Column.AMOUNT),
          Map.entry("금액", Column.AMOUNT),
          Map.entry("payer", Column.PAYER),
          Map.entry("입금자", Column.PAYER),
          Map.entry("입금자명", Column.PAYER),
          Map.entry("의뢰인", Column.PAYER),
          Map.entry("reference", Column.REFERENCE),
          Map.entry("적요", Column.REFERENCE),
          Map.entry("메모", Column.REFERENCE),
          Map.entry("transactionid", Column.TRANSACTION),
          Map.entry("거래번호", Column.TRANSACTION));
  private static final long MOST_KRW = 1_000_000_000_000_000L;
  private static final int LONGEST_TEXT = 500;

  private enum Column {
    DATE,
    AMOUNT,
    PAYER,
    REFERENCE,
    TRANSACTION
  }

  /**
   * @param fingerprint the same for the same line of the same account whenever it is imported
   */
  record Line(int number, Receipt receipt, byte[] fingerprint) {}

  /**
   * What is in a file.
   *
   * @param skipped payments out
   */
  record Content(List<Line> lines, int skipped) {}

  private final List<FieldError> errors = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();
  private int skipped;
  private final Map<String, Integer> seen = new HashMap<>();
  private final LocalDate today;

  private PaymentFile(LocalDate today) {
    this.today = today;
  }

  /**
   * Reads a file.
   *
   * @throws dev.gpucloud.contracts.problem.ProblemException VALIDATION_FAILED with all violations
   */
  static Content read(byte[] content, LocalDate today, int mostLines) {
    var file = new PaymentFile(today);
    BankText.Decoded text = BankText.decode(content);
    text.violations()
        .forEach((line, why) -> file.errors.add(new FieldError("/lines/" + line, why)));
    if (file.errors.isEmpty()) {
      file.parse(text.text(), mostLines);
    }
    if (!file.errors.isEmpty()) {
      throw PaymentProblems.invalid(file.errors);
    }
    return new Content(List.copyOf(file.lines), file.skipped);
  }

  private void parse(String text, int mostLines) {
    var csv =
        CsvMapper.builder()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.TRIM_SPACES)
            .build();
    try (MappingIterator<String[]> rows = csv.readerFor(String[].class).readValues(text)) {
      String[] names = rows.hasNextValue() ? rows.nextValue() : new String[0];
      Map<Column, Integer> places = places(names);
      for (int number = 2; rows.hasNextValue(); number++) {
        String[] cells = rows.nextValue();
        if (number > mostLines + 1) {
          errors.add(new FieldError("", "expected at most " + mostLines + " lines"));
          return;
        }
        if (places.size() >= 3 && !isBlank(cells) && isWhole(number, cells, names)) {
          read(number, cells, places);
        }
      }
    } catch (JsonProcessingException e) {
      long line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      errors.add(new FieldError("/lines/" + line, "is no CSV: a quote is not closed or misplaced"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<Column, Integer> places(String[] names) {
    Map<Column, Integer> places = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      @Nullable Column column =
          COLUMNS.get(names[i].strip().toLowerCase(Locale.ROOT).replaceAll("[ _-]", ""));
      if (column != null && places.putIfAbsent(column, i) != null) {
        errors.add(new FieldError("/lines/1", "has two columns for " + column));
      }
    }
    require(places, Column.DATE, "date (거래일자)");
    require(places, Column.AMOUNT, "amount (입금액)");
    require(places, Column.PAYER, "payer (입금자)");
    return places;
  }

  private void require(Map<Column, Integer> places, Column column, String name) {
    if (!places.containsKey(column)) {
      errors.add(new FieldError("/lines/1", "has no column " + name));
    }
  }

  private static boolean isBlank(String[] cells) {
    for (String cell : cells) {
      if (!cell.isBlank()) {
        return false;
      }
    }
    return true;
  }

  /** A cell too many or too few shifts others, so that none of them can be trusted. */
  private boolean isWhole(int number, String[] cells, String[] names) {
    if (cells.length == names.length) {
      return true;
    }
    String which =
        cells.length > names.length
            ? "one without a name begins with '" + cells[names.length] + "'"
            : "'"
                + String.join("', '", List.of(names).subList(cells.length, names.length))
                + "' missing";
    errors.add(
        new FieldError(
            "/lines/" + number,
            "has %d columns, and line 1 names %d: %s"
                .formatted(cells.length, names.length, which)));
    return false;
  }

  private void read(int number, String[] cells, Map<Column, Integer> places) {
    @Nullable LocalDate date = date(number, cell(cells, places, Column.DATE));
    String sum = cell(cells, places, Column.AMOUNT);
    boolean isOut = sum.isEmpty() || sum.equals("0");
    long amount = isOut ? 0 : amount(number, sum);
    String payer = text(number, "payer", cell(cells, places, Column.PAYER));
    String reference = text(number, "reference", cell(cells, places, Column.REFERENCE));
    if (isOut) {
      skipped++;
      return;
    }
    if (payer.isEmpty()) {
      errors.add(at(number, "payer", "is empty"));
    }
    if (date == null || amount == 0) {
      return;
    }
    String transaction = cell(cells, places, Column.TRANSACTION);
    String key =
        transaction.isEmpty()
            ? String.join("\u0000", date.toString(), Long.toString(amount), payer, reference)
            : "id\u0000" + transaction;
    int occurrence = seen.merge(key, 1, Integer::sum);
    if (!transaction.isEmpty() && occurrence > 1) {
      errors.add(at(number, "transactionId", "is given twice in the file"));
    }
    lines.add(
        new Line(
            number,
            new Receipt(date, amount, payer, reference),
            fingerprint(key + "\u0000" + occurrence)));
  }

  private static String cell(String[] cells, Map<Column, Integer> places, Column column) {
    Integer at = places.get(column);
    return at == null || at >= cells.length ? "" : cells[at].strip();
  }

  private @Nullable LocalDate date(int number, String text) {
    String digits = text.replaceAll("[^0-9]", "");
    try {
      LocalDate date =
          LocalDate.of(
              Integer.parseInt(digits.substring(0, 4)),
              Integer.parseInt(digits.substring(4, 6)),
              Integer.parseInt(digits.substring(6, 8)));
      if (!date.isAfter(today)) {
        return date;
      }
      errors.add(at(number, "date", "is after today, " + today));
    } catch (DateTimeException | IndexOutOfBoundsException | NumberFormatException e) {
      errors.add(at(number, "date", "expected a date such as 2026-11-24, not '" + text + "'"));
    }
    return null;
  }

  /** 0 for none that can be booked. */
  private long amount(int number, String text) {
    String plain = text.replaceAll("[,₩원 ]", "");
    if (plain.matches("[0-9]{1,16}") && Long.parseLong(plain) <= MOST_KRW) {
      long amount = Long.parseLong(plain);
      if (amount > 0) {
        return amount;
      }
    }
    errors.add(
        at(number, "amount", "expected whole won from 1 to " + MOST_KRW + ", not '" + text + "'"));
    return 0;
  }

  private String text(int number, String name, String text) {
    if (text.length() > LONGEST_TEXT || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      errors.add(at(number, name, "expected at most " + LONGEST_TEXT + " printable characters"));
      return "";
    }
    return text;
  }

  private static FieldError at(int number, String name, String why) {
    return new FieldError("/lines/" + number + "/" + name, why);
  }

  private static byte[] fingerprint(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
