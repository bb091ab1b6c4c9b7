package dev.gpucloud.inventory.fleet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Announced hosts as CSV (RFC 4180): a header with the columns {@code delivery} and {@code serial}
 * and, if wanted, {@code name}, {@code rack} and {@code fabric}, in any order; then a host a row.
 * What is wrong is named by row, as an editor counts lines, and column.
 */
final class HostTable {
  private static final Set<String> COLUMNS = Set.of("delivery", "serial", "name", "rack", "fabric");
  private static final int MOST_ROWS = 100_000;

  private final Violations violations;
  private final List<List<String>> records = new ArrayList<>();
  private final List<Integer> lines = new ArrayList<>();
  private int line = 1;

  HostTable(Violations violations) {
    this.violations = violations;
  }

  /** The rows as objects that say where they stand. */
  List<Section> rows(String text) {
    if (!split(text.startsWith("\uFEFF") ? text.substring(1) : text)) {
      return List.of();
    }
    if (records.isEmpty()) {
      violations.add("row 1", "must name the columns");
      return List.of();
    }
    List<String> header = records.getFirst().stream().map(String::strip).toList();
    if (!valid(header)) {
      return List.of();
    }
    List<Section> rows = new ArrayList<>();
    for (int i = 1; i < records.size(); i++) {
      row(header, i, rows);
    }
    return rows;
  }

  private boolean valid(List<String> header) {
    Set<String> seen = new HashSet<>();
    boolean fine = true;
    for (String column : header) {
      if (!COLUMNS.contains(column)) {
        violations.add(
            "row 1, column " + column, "is not one of delivery, serial, name, rack, fabric");
        fine = false;
      } else if (!seen.add(column)) {
        violations.add("row 1, column " + column, "is there twice");
        fine = false;
      }
    }
    for (String needed : List.of("delivery", "serial")) {
      if (!seen.contains(needed)) {
        violations.add("row 1", "lacks the column " + needed);
        fine = false;
      }
    }
    return fine;
  }

  private void row(List<String> header, int i, List<Section> rows) {
    List<String> cells = records.get(i);
    String pointer = "row " + lines.get(i);
    if (cells.size() != header.size()) {
      violations.add(
          pointer, "has %d cells, the header has %d".formatted(cells.size(), header.size()));
      return;
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column).strip();
      if (!cell.isEmpty()) {
        object.put(header.get(column), cell);
      }
    }
    rows.add(new Section(object, pointer, violations));
  }

  /** Splits into records; false when a quote makes that impossible or there are too many. */
  private boolean split(String text) {
    List<String> record = new ArrayList<>();
    int at = 0;
    int startLine = line;
    while (at < text.length()) {
      Cell cell = cell(text, at);
      if (cell == null) {
        violations.add(
            "row " + startLine, "has a quote that is not closed or stands inside a cell");
        return false;
      }
      record.add(cell.text());
      at = cell.next();
      boolean more = at < text.length() && text.charAt(at) == ',';
      if (more && at + 1 < text.length()) {
        at++;
        continue;
      }
      if (more) {
        record.add("");
      }
      keep(record, startLine);
      record = new ArrayList<>();
      at = lineEnd(text, more ? at + 1 : at);
      startLine = line;
      if (records.size() > MOST_ROWS) {
        violations.add("row " + startLine, "is one too many: at most " + MOST_ROWS + " rows");
        return false;
      }
    }
    return true;
  }

  /** Blank lines are no records. */
  private void keep(List<String> record, int startLine) {
    if (record.size() > 1 || !record.getFirst().isBlank()) {
      records.add(record);
      lines.add(startLine);
    }
  }

  private int lineEnd(String text, int at) {
    int next = at;
    if (next < text.length() && text.charAt(next) == '\r') {
      next++;
    }
    if (next < text.length() && text.charAt(next) == '\n') {
      next++;
    }
    line++;
    return next;
  }

  private record Cell(String text, int next) {}

  private @Nullable Cell cell(String text, int from) {
    if (text.charAt(from) != '"') {
      int end = from;
      while (end < text.length() && ",\r\n".indexOf(text.charAt(end)) < 0) {
        if (text.charAt(end) == '"') {
          return null;
        }
        end++;
      }
      return new Cell(text.substring(from, end), end);
    }
    return quoted(text, from + 1);
  }

  private @Nullable Cell quoted(String text, int from) {
    StringBuilder cell = new StringBuilder();
    for (int at = from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c != '"') {
        line += c == '\n' ? 1 : 0;
        cell.append(c);
      } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
        cell.append('"');
        at++;
      } else {
        boolean ends = at + 1 == text.length() || ",\r\n".indexOf(text.charAt(at + 1)) >= 0;
        return ends ? new Cell(cell.toString(), at + 1) : null;
      }
    }
    return null;
  }
}
