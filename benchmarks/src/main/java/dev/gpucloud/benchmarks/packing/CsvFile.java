package dev.gpucloud.benchmarks.packing;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A CSV file with a header. Columns are found by name, so their order does not matter and those
 * nobody asks for are ignored; blank lines are skipped.
 */
final class CsvFile {
  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d+(\\.0+)?");
  private static final int SHOWN = 40;

  private final Path path;
  private final Map<String, Integer> columns;
  private final List<Row> rows;

  private CsvFile(Path path, Map<String, Integer> columns, List<Row> rows) {
    this.path = path;
    this.columns = columns;
    this.rows = rows;
  }

  /** Reads a file that has each of the columns and at least one row. */
  static CsvFile read(Path path, String... required) throws BadInputException {
    List<String> lines = lines(path);
    if (lines.stream().allMatch(String::isBlank)) {
      throw BadInputException.in(path, "the file is empty");
    }
    Map<String, Integer> columns = header(path, lines.getFirst());
    for (String name : required) {
      if (!columns.containsKey(name)) {
        throw BadInputException.at(path, 1, name, "the column is missing");
      }
    }
    CsvFile file = new CsvFile(path, columns, new ArrayList<>());
    for (int at = 1; at < lines.size(); at++) {
      if (!lines.get(at).isBlank()) {
        file.add(at + 1, lines.get(at));
      }
    }
    if (file.rows.isEmpty()) {
      throw BadInputException.in(path, "there are no rows below the header");
    }
    return file;
  }

  private static List<String> lines(Path path) throws BadInputException {
    try {
      return Files.readAllLines(path);
    } catch (NoSuchFileException e) {
      throw BadInputException.in(path, "there is no such file");
    } catch (CharacterCodingException e) {
      throw BadInputException.in(path, "the file is not UTF-8 text");
    } catch (IOException e) {
      throw BadInputException.in(
          path, Files.isDirectory(path) ? "this is a folder" : "the file cannot be read");
    }
  }

  private static Map<String, Integer> header(Path path, String line) throws BadInputException {
    Map<String, Integer> columns = new HashMap<>();
    List<String> names = fields(line.startsWith("\uFEFF") ? line.substring(1) : line);
    for (int at = 0; at < names.size(); at++) {
      if (columns.put(names.get(at), at) != null) {
        throw BadInputException.at(path, 1, names.get(at), "the column is there twice");
      }
    }
    return columns;
  }

  private void add(long line, String text) throws BadInputException {
    List<String> fields = fields(text);
    if (fields.size() != columns.size()) {
      throw BadInputException.at(
          path,
          line,
          String.valueOf(Math.min(fields.size(), columns.size()) + 1),
          "the header has " + columns.size() + " fields, this line " + fields.size());
    }
    rows.add(new Row(line, fields));
  }

  /** Splits at commas outside of double quotes; a doubled quote inside them is one. */
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int at = 0; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"' && quoted && at + 1 < line.length() && line.charAt(at + 1) == '"') {
        field.append(c);
        at++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString().strip());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString().strip());
    return fields;
  }

  List<Row> rows() {
    return rows;
  }

  Path path() {
    return path;
  }

  /** One line below the header. */
  final class Row {
    private final long line;
    private final List<String> fields;

    private Row(long line, List<String> fields) {
      this.line = line;
      this.fields = fields;
    }

    /** The field, or nothing where the file lacks the column. */
    String text(String column) {
      Integer at = columns.get(column);
      return at == null ? "" : fields.get(at);
    }

    /** A whole number from 0 to {@code most}. */
    int number(String column, int most) throws BadInputException {
      String text = text(column);
      if (!WHOLE_NUMBER.matcher(text).matches()) {
        throw bad(column, quoted(text) + " is not a whole number");
      }
      String digits = text.contains(".") ? text.substring(0, text.indexOf('.')) : text;
      if (digits.startsWith("-") && !digits.matches("-0+")) {
        throw bad(column, quoted(text) + " is negative");
      }
      String significant = digits.replaceFirst("^-?0*(?=\\d)", "");
      if (significant.length() > 10 || Long.parseLong(significant) > most) {
        throw bad(column, quoted(text) + " is more than " + most);
      }
      return Integer.parseInt(significant);
    }

    /** A finite decimal number. */
    double decimal(String column) throws BadInputException {
      try {
        double value = Double.parseDouble(text(column));
        if (Double.isFinite(value)) {
          return value;
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw bad(column, quoted(text(column)) + " is not a number");
    }

    BadInputException bad(String column, String what) {
      return BadInputException.at(path, line, column, what);
    }

    private static String quoted(String text) {
      String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
      return "\"" + shown.replaceAll("\\p{Cntrl}", "?") + "\"";
    }
  }
}
