package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.money.Money;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a note changes under one tax type for one project; without a project, of the account. */
@Schema(name = "InvoiceNoteLine")
public record NoteLineView(
    TaxType taxType, @Nullable ProjectId project, Money supplyValue, Money vat, Money total) {

  /**
   * Of a note n: its lines l as {@link #parse} reads them, in a query that groups by note and binds
   * whose lines they are.
   */
  public static final String LINES =
      """
      string_agg(l.tax_type || ' ' || coalesce(cast(l.project_id as text), '-') || ' '
                 || l.supply_krw || ' ' || l.vat_krw, ',' order by l.line_number)""";

  static NoteLineView of(NoteLine l) {
    return of(l.taxType(), l.project(), l.supply().amount(), l.vat().amount());
  }

  private static NoteLineView of(TaxType type, @Nullable UUID project, long supply, long vat) {
    return new NoteLineView(
        type,
        project == null ? null : new ProjectId(project),
        Money.krw(supply),
        Money.krw(vat),
        Money.krw(Math.addExact(supply, vat)));
  }

  public static List<NoteLineView> parse(@Nullable String lines) {
    return lines == null
        ? List.of()
        : Arrays.stream(lines.split(",")).map(NoteLineView::parseOne).toList();
  }

  private static NoteLineView parseOne(String line) {
    String[] words = line.split(" ");
    return of(
        TaxType.valueOf(words[0]),
        words[1].equals("-") ? null : UUID.fromString(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]));
  }
}
