package dev.gpucloud.billing.ratedrow;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * All rated rows of an invoice as one text, compressed with gzip: a first line names the columns,
 * each further line is a row with a tab between its values. A ditto mark stands for the value of
 * the row above, {@code \N} for none; {@code \t}, {@code \n}, {@code \r}, {@code \\} and a first
 * {@code \"} mean what they say. A column that is not named has no value, one that is not known is
 * passed over, so that columns may be added. Text that is not compressed is read as well.
 *
 * <p>Rows that were rated day by day follow as documents of their own, which begin with a line of
 * columns each, the first of them {@code row}; gzip'ed texts that are put together are one. They
 * name project, SKU and price version in place of a line; a line {@code = line project sku version}
 * of the first document says which line of the invoice that is.
 */
public final class RowsDocument {
  private static final String DITTO = "\"";
  private static final String NONE = "\\N";
  private static final String LINE = "=";
  private static final int FIRST_BYTES = 16 * 1024;

  /** A column: its name and how a row fills it. */
  private record Column(String name, BiConsumer<StoredRow, Text> write) {}

  /** What a row has wherever it stands. */
  private static final List<Column> VALUES =
      List.of(
          new Column("project", (r, t) -> t.value(r.project())),
          new Column("instance", (r, t) -> t.value(r.instance())),
          new Column("instanceName", (r, t) -> t.value(r.instanceName())),
          new Column("instanceType", (r, t) -> t.value(r.instanceType())),
          new Column("costCenter", (r, t) -> t.value(r.costCenter())),
          new Column("run", (r, t) -> t.value(r.run())),
          new Column("startMillis", (r, t) -> t.number(r.start().toEpochMilli())),
          new Column("endMillis", (r, t) -> t.number(r.end().toEpochMilli())),
          new Column("isEndEstimated", (r, t) -> t.value(r.isEndEstimated() ? "true" : null)),
          new Column("paddingMillis", (r, t) -> t.number(r.paddingMillis())),
          new Column("billedMillis", (r, t) -> t.number(r.billedMillis())),
          new Column("gpus", (r, t) -> t.number(r.gpus())),
          new Column("units", (r, t) -> t.number(r.units())),
          new Column("category", (r, t) -> t.value(r.category())),
          new Column("share", (r, t) -> t.value(r.share())),
          new Column("quantity", (r, t) -> t.value(r.quantity())),
          new Column("coveredBy", (r, t) -> t.value(r.coveredBy())),
          new Column("priceVersion", (r, t) -> t.value(r.priceVersion())),
          new Column("listPrice", (r, t) -> t.value(r.listPrice())),
          new Column("basePrice", (r, t) -> t.value(r.basePrice())),
          new Column("unitPrice", (r, t) -> t.value(r.unitPrice())),
          new Column("factors", (r, t) -> t.value(r.factors())),
          new Column("ratedAmount", (r, t) -> t.value(r.ratedAmount())),
          new Column("credits", (r, t) -> t.value(r.credits())),
          new Column("creditAmount", (r, t) -> t.value(r.creditAmount())),
          new Column("exactAmount", (r, t) -> t.value(r.exactAmount())));

  private static final List<Column> COLUMNS =
      Stream.concat(
              Stream.of(
                  new Column("line", (r, t) -> t.number(r.line())),
                  new Column("row", (r, t) -> t.number(r.number()))),
              VALUES.stream())
          .toList();

  private RowsDocument() {}

  // ---- writing

  /** The rows in their order, and the lines that rows of days belong to. */
  public static byte[] write(List<StoredRow> rows, List<DayLine> lines) {
    return write(
        text -> {
          head(text, COLUMNS.stream().map(Column::name));
          lines.forEach(line -> line.write(text));
          Arrays.fill(text.above, null);
        },
        rows,
        (row, text) -> COLUMNS.forEach(column -> column.write().accept(row, text)));
  }

  /** What rows of days have in common with a line of an invoice. */
  public record DayLine(int line, UUID project, String sku, String version) {
    private void write(Text text) {
      Arrays.fill(text.above, null);
      text.value(LINE);
      text.number(line);
      text.value(project);
      text.value(sku);
      text.value(version);
      text.endRow();
    }
  }

  /** A row of a day: what it belongs to, and the row, whose line and number do not matter. */
  public record DayRow(String sku, String version, StoredRow row) {}

  /** The rows of a day in their order. */
  public static byte[] writeDay(List<DayRow> rows) {
    var number = new int[1];
    return write(
        text -> {
          head(
              text,
              Stream.concat(
                  Stream.of("row", "sku", "lineVersion"), VALUES.stream().map(Column::name)));
          Arrays.fill(text.above, null);
        },
        rows,
        (each, text) -> {
          text.number(++number[0]);
          text.value(each.sku());
          text.value(each.version());
          VALUES.forEach(column -> column.write().accept(each.row(), text));
        });
  }

  private static void head(Text text, Stream<String> names) {
    names.forEach(text::value);
    text.endRow();
  }

  private static <T> byte[] write(Consumer<Text> head, List<T> rows, BiConsumer<T, Text> row) {
    var bytes = new ByteArrayOutputStream(FIRST_BYTES);
    try (OutputStream out = new FastGzip(bytes)) {
      var text = new Text(COLUMNS.size() + 1);
      head.accept(text);
      for (T each : rows) {
        row.accept(each, text);
        text.endRow();
        if (text.chars.length() > FIRST_BYTES) {
          text.flush(out);
        }
      }
      text.flush(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Amounts hardly compress and the rest always does, so little effort is enough. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, FIRST_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /** Rows as text, with what stood in the row above. */
  private static final class Text {
    private final StringBuilder chars = new StringBuilder(2 * FIRST_BYTES);
    private final @Nullable Object[] above;
    private int column;

    Text(int columns) {
      above = new Object[columns];
    }

    void number(long value) {
      value(Long.valueOf(value));
    }

    void value(@Nullable Object value) {
      if (column > 0) {
        chars.append('\t');
      }
      if (value == null) {
        chars.append(NONE);
      } else if (value.equals(above[column])) {
        chars.append(DITTO);
      } else {
        escaped(value.toString());
      }
      above[column++] = value;
    }

    private void escaped(String value) {
      if (value.startsWith(DITTO)) {
        chars.append('\\');
      }
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        switch (c) {
          case '\\' -> chars.append("\\\\");
          case '\t' -> chars.append("\\t");
          case '\n' -> chars.append("\\n");
          case '\r' -> chars.append("\\r");
          default -> chars.append(c);
        }
      }
    }

    void endRow() {
      chars.append('\n');
      column = 0;
    }

    void flush(OutputStream out) throws IOException {
      out.write(chars.toString().getBytes(StandardCharsets.UTF_8));
      chars.setLength(0);
    }
  }

  // ---- reading

  /** The rows of a document by line and number; those of days among them. */
  public static List<StoredRow> read(byte[] document) {
    try (var lines =
        new BufferedReader(new InputStreamReader(opened(document), StandardCharsets.UTF_8))) {
      Reader reader = Reader.OF_NOTHING;
      var rows = new ArrayList<StoredRow>();
      var byDay = new HashMap<DayLine, List<StoredRow>>();
      var lineOf = new HashMap<DayLine, Integer>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] cells = line.split("\t", -1);
        if (Character.isLetter(cells[0].codePointAt(0))) {
          reader = new Reader(cells);
        } else if (cells[0].equals(LINE)) {
          lineOf.put(
              new DayLine(
                  0, UUID.fromString(cells[2]), Reader.plain(cells[3]), Reader.plain(cells[4])),
              Integer.valueOf(cells[1]));
        } else if (reader.isOfDay()) {
          StoredRow row = reader.row(cells);
          byDay.computeIfAbsent(reader.dayLine(row), key -> new ArrayList<>()).add(row);
        } else {
          rows.add(reader.row(cells));
        }
      }
      return byDay.isEmpty() ? rows : together(rows, byDay, lineOf);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Numbers the rows of lines that have rows of days as if they had been written at once. */
  private static List<StoredRow> together(
      List<StoredRow> own, Map<DayLine, List<StoredRow>> byDay, Map<DayLine, Integer> lineOf) {
    var byLine = new TreeMap<Integer, List<StoredRow>>();
    own.forEach(row -> byLine.computeIfAbsent(row.line(), n -> new ArrayList<>()).add(row));
    byDay.forEach(
        (key, rows) -> {
          Integer line = lineOf.get(key);
          if (line == null) {
            throw new IllegalArgumentException("rows of " + key + " have no line");
          }
          List<StoredRow> all = byLine.computeIfAbsent(line, n -> new ArrayList<>());
          all.addAll(rows);
          all.sort(StoredRow.IN_LINE);
          all.replaceAll(new Numbering(line)::next);
        });
    return byLine.values().stream().flatMap(List::stream).toList();
  }

  private static final class Numbering {
    private final int line;
    private int number;

    Numbering(int line) {
      this.line = line;
    }

    StoredRow next(StoredRow row) {
      return row.as(line, ++number);
    }
  }

  private static InputStream opened(byte[] document) throws IOException {
    var bytes = new ByteArrayInputStream(document);
    boolean isCompressed =
        document.length > 1 && document[0] == (byte) 0x1f && document[1] == (byte) 0x8b;
    return isCompressed ? new GZIPInputStream(bytes, FIRST_BYTES) : bytes;
  }

  private static final class Reader {
    static final Reader OF_NOTHING = new Reader(new String[0]);
    private final Map<String, Integer> positions = new HashMap<>();
    private final @Nullable String[] values;

    Reader(String[] columns) {
      for (int i = 0; i < columns.length; i++) {
        positions.put(columns[i], i);
      }
      values = new String[columns.length];
    }

    boolean isOfDay() {
      return !positions.containsKey("line");
    }

    DayLine dayLine(StoredRow row) {
      return new DayLine(0, row.project(), text("sku"), text("lineVersion"));
    }

    StoredRow row(String[] cells) {
      for (int i = 0; i < values.length; i++) {
        if (!cells[i].equals(DITTO)) {
          values[i] = cells[i].equals(NONE) ? null : plain(cells[i]);
        }
      }
      return new StoredRow(
          isOfDay() ? 0 : integer("line"),
          integer("row"),
          uuid("project"),
          uuid("instance"),
          text("instanceName"),
          text("instanceType"),
          find("costCenter"),
          uuid("run"),
          Instant.ofEpochMilli(number("startMillis")),
          Instant.ofEpochMilli(number("endMillis")),
          find("isEndEstimated") != null,
          number("paddingMillis"),
          number("billedMillis"),
          integer("gpus"),
          integer("units"),
          text("category"),
          text("share"),
          find("quantity"),
          find("coveredBy"),
          text("priceVersion"),
          text("listPrice"),
          find("basePrice"),
          text("unitPrice"),
          text("factors"),
          text("ratedAmount"),
          text("credits"),
          text("creditAmount"),
          text("exactAmount"));
    }

    private static String plain(String cell) {
      if (cell.indexOf('\\') < 0) {
        return cell;
      }
      var plain = new StringBuilder(cell.length());
      for (int i = 0; i < cell.length(); i++) {
        char c = cell.charAt(i);
        plain.append(c == '\\' ? meant(cell.charAt(++i)) : c);
      }
      return plain.toString();
    }

    private static char meant(char escaped) {
      return switch (escaped) {
        case 't' -> '\t';
        case 'n' -> '\n';
        case 'r' -> '\r';
        default -> escaped;
      };
    }

    private @Nullable String find(String column) {
      Integer at = positions.get(column);
      return at == null ? null : values[at];
    }

    private String text(String column) {
      String value = find(column);
      if (value == null) {
        throw new IllegalArgumentException("a row without " + column);
      }
      return value;
    }

    private long number(String column) {
      return Long.parseLong(text(column));
    }

    private int integer(String column) {
      return Integer.parseInt(text(column));
    }

    private UUID uuid(String column) {
      return UUID.fromString(text(column));
    }
  }
}
