package dev.gpucloud.billing.document.csv;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One line of CSV as RFC 4180 has it. */
public final class CsvLine {
  private CsvLine() {}

  /** The fields with commas between them and a line break after; quoted where they must be. */
  public static String of(Stream<String> fields) {
    return fields.map(CsvLine::quoted).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String quoted(String field) {
    boolean needsQuotes =
        field.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return needsQuotes ? '"' + field.replace("\"", "\"\"") + '"' : field;
  }
}
