package dev.gpucloud.billing.ratedrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowsDocumentTest {
  private static final UUID ID = UUID.fromString("0199aaaa-0000-7000-8000-000000000001");

  private static StoredRow row(int number, String name, @Nullable String costCenter) {
    return new StoredRow(
        1,
        number,
        ID,
        new UUID(ID.getMostSignificantBits(), number),
        name,
        "b200.8x",
        costCenter,
        new UUID(ID.getLeastSignificantBits(), number),
        Instant.parse("2026-11-02T00:00:00.001Z").plusSeconds(number),
        Instant.parse("2026-11-02T01:00:00.001Z").plusSeconds(number),
        number % 2 == 0,
        0,
        3_600_000,
        8,
        8,
        "USAGE",
        "1",
        "8",
        null,
        "v1",
        "4500",
        "4500",
        "4500",
        "",
        "36000",
        "[]",
        "0",
        "36000");
  }

  @Test
  void readsWhatItWrote() {
    List<StoredRow> rows = List.of(row(1, "a", null), row(2, "b", "cc-1"), row(3, "b", null));

    assertThat(RowsDocument.read(RowsDocument.write(rows, List.of()))).isEqualTo(rows);
  }

  @Test
  void keepsTextThatLooksLikeItsSigns() {
    List<StoredRow> rows =
        List.of(
            row(1, "\"", "\\N"),
            row(2, "\"", "\\"),
            row(3, "a\tb\nc\rd", "\\t"),
            row(4, "\"quoted\"", ""),
            row(5, "학습-1", null));

    assertThat(RowsDocument.read(RowsDocument.write(rows, List.of()))).isEqualTo(rows);
  }

  @Test
  void packsThousandsOfRowsSmall() {
    List<StoredRow> rows = new ArrayList<>();
    for (int i = 1; i <= 5_000; i++) {
      rows.add(row(i, "node-" + i, "cc-1"));
    }

    byte[] document = RowsDocument.write(rows, List.of());

    assertThat(RowsDocument.read(document)).isEqualTo(rows);
    assertThat(document.length).isLessThan(40 * rows.size());
  }

  @Test
  void readsColumnsByTheirNamesCompressedOrNot() {
    String document =
        """
        row\tline\tproject\tinstance\tinstanceName\tinstanceType\trun\tstartMillis\tendMillis\
        \tpaddingMillis\tbilledMillis\tgpus\tunits\tcategory\tshare\tpriceVersion\tlistPrice\
        \tunitPrice\tfactors\tratedAmount\tcredits\tcreditAmount\texactAmount\tcolour
        7\t2\t%1$s\t%1$s\tn\tt\t%1$s\t0\t1000\t0\t1000\t8\t8\tUSAGE\t1\tv1\t4500\t4500\
        \t\t10\t[]\t0\t10\tred
        8\t"\t"\t"\t"\t"\t"\t"\t"\t"\t"\t"\t"\t"\t"\t"\t"\t"\t"\t"\t"\t"\t-1/3\t"\
        """
            .formatted(ID);

    List<StoredRow> rows = RowsDocument.read(document.getBytes(StandardCharsets.UTF_8));

    assertThat(rows).extracting(StoredRow::number).containsExactly(7, 8);
    assertThat(rows).extracting(StoredRow::line).containsExactly(2, 2);
    assertThat(rows).extracting(StoredRow::exactAmount).containsExactly("10", "-1/3");
    assertThat(rows).extracting(StoredRow::quantity).containsOnlyNulls();
    assertThat(rows.getLast().end()).isEqualTo(Instant.ofEpochMilli(1_000));
  }

  /** Wherever a row was written, it stands in its line where it would have stood. */
  @Test
  void readsRowsOfDaysAmongTheOthers() throws IOException {
    List<StoredRow> all =
        List.of(row(1, "a", null), row(2, "b", "cc-1"), row(3, "c", null), row(4, "d", "\""));
    var bytes = new ByteArrayOutputStream();
    bytes.write(
        RowsDocument.write(
            List.of(all.get(1)),
            List.of(
                new RowsDocument.DayLine(1, ID, "b200\t", "v1"),
                new RowsDocument.DayLine(2, ID, "b200\t", "dynamic"))));
    bytes.write(
        RowsDocument.writeDay(List.of(day("v1", all.get(3)), day("dynamic", row(9, "x", null)))));
    bytes.write(RowsDocument.writeDay(List.of(day("v1", all.get(2)), day("v1", all.get(0)))));

    List<StoredRow> read = RowsDocument.read(bytes.toByteArray());

    assertThat(read.subList(0, 4)).isEqualTo(all);
    assertThat(read.subList(4, 5)).isEqualTo(List.of(row(9, "x", null).as(2, 1)));
  }

  @Test
  void refusesRowsOfDaysThatBelongToNoLine() throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.write(RowsDocument.write(List.of(), List.of()));
    bytes.write(RowsDocument.writeDay(List.of(day("v1", row(1, "a", null)))));

    assertThatThrownBy(() -> RowsDocument.read(bytes.toByteArray()))
        .hasMessageContaining("have no line");
  }

  private static RowsDocument.DayRow day(String version, StoredRow row) {
    return new RowsDocument.DayRow("b200\t", version, row.as(0, 0));
  }

  @Test
  void aRowTakenBackHasItsQuantityAndAmountsTurned() {
    StoredRow back = row(3, "a", null).takenBack(9, 1);

    assertThat(back.line()).isEqualTo(9);
    assertThat(back.number()).isEqualTo(1);
    assertThat(back.billedMillis()).isEqualTo(-3_600_000);
    assertThat(back.quantity()).isEqualTo("-8");
    assertThat(back.exactAmount()).isEqualTo("-36000");
    assertThat(back.creditAmount()).isEqualTo("0");
  }
}
