package dev.gpucloud.billing.document.focus;

import dev.gpucloud.billing.document.csv.CsvLine;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The dataset as CSV (RFC 4180) in UTF-8; what is null is an empty field. */
final class FocusCsv {
  private FocusCsv() {}

  static void write(Stream<Charge> rows, OutputStream out) throws IOException {
    Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    writer.write(CsvLine.of(FocusColumn.ALL.stream().map(FocusColumn::id)));
    for (Iterator<Charge> each = rows.iterator(); each.hasNext(); ) {
      Charge row = each.next();
      writer.write(CsvLine.of(FocusColumn.ALL.stream().map(c -> text(c.value().apply(row)))));
    }
    writer.flush();
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case BigDecimal decimal -> decimal.toPlainString();
      default -> value.toString();
    };
  }
}
