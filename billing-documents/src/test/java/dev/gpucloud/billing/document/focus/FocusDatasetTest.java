package dev.gpucloud.billing.document.focus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.billing.document.fixture.Datasets;
import dev.gpucloud.billing.document.fixture.Invoices;
import dev.gpucloud.billing.document.fixture.Invoices.Wanted;
import dev.gpucloud.billing.document.invoice.Commitment;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.money.Rational;
import dev.hardwood.InputFile;
import dev.hardwood.metadata.RepetitionType;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FocusDatasetTest {

  @Test
  void writesTheWorkedExample() {
    IssuedInvoice invoice =
        Invoices.of(
            List.of(
                Wanted.usage(
                    "llm",
                    "H100.on-demand.kr-central",
                    Invoices.row(1, 8, 3_600_000, Rational.of(4500), Rational.of(4050)))));

    List<Map<String, String>> rows = Datasets.read(invoice);

    assertThat(rows).hasSize(2);
    assertThat(rows.getFirst())
        .containsEntry("ChargeCategory", "Usage")
        .containsEntry("BilledCost", "32400.000000000000")
        .containsEntry("ListCost", "36000.000000000000")
        .containsEntry("ContractedCost", "32400.000000000000")
        .containsEntry("EffectiveCost", "32400.000000000000")
        .containsEntry("ListUnitPrice", "4500.000000000000")
        .containsEntry("ContractedUnitPrice", "4050.000000000000")
        .containsEntry("PricingQuantity", "8.000000000000")
        .containsEntry("PricingUnit", "GPU-Hours")
        .containsEntry("ConsumedQuantity", "28800.000000000000")
        .containsEntry("ConsumedUnit", "GPU-Seconds")
        .containsEntry("ChargePeriodStart", "2026-09-10T05:00:00Z")
        .containsEntry("ChargePeriodEnd", "2026-09-10T06:00:00Z")
        .containsEntry("BillingPeriodStart", "2026-08-31T15:00:00Z")
        .containsEntry("BillingPeriodEnd", "2026-09-30T15:00:00Z")
        .containsEntry("SkuId", "H100.kr-central")
        .containsEntry("SkuPriceId", "H100.on-demand.kr-central")
        .containsEntry("InvoiceId", "2026-09-000123")
        .containsEntry("x_ChargeId", "2026-09-000123/1/1")
        .containsEntry("x_BilledCostFraction", "32400");
    assertThat(rows.get(1))
        .containsEntry("ChargeCategory", "Tax")
        .containsEntry("BilledCost", "3240.000000000000")
        .containsEntry("x_ChargeId", "2026-09-000123/vat");
  }

  @Test
  void aLineThatBearsNoVatLeavesTheVatOfOthersAsItIs() {
    IssuedInvoice invoice = Invoices.withLate(Invoices.large(3), TaxType.ZERO_RATED, 54_000);

    List<Map<String, String>> rows = Datasets.read(invoice);

    assertThat(rows.getLast())
        .containsEntry("ChargeCategory", "Tax")
        .containsEntry("BilledCost", "21129.000000000000")
        .containsEntry("EffectiveCost", "21129.000000000000");
    assertThat(
            rows.stream()
                .map(r -> new BigDecimal(r.get("BilledCost")))
                .reduce(BigDecimal.ZERO, BigDecimal::add))
        .isEqualByComparingTo(BigDecimal.valueOf(invoice.total().amount()));
  }

  @Test
  void taxesACommitmentOnceAndPurchasesItForItsTerm() {
    Rational price = Rational.of(3150);
    var commitment =
        new Commitment(
            "com-1",
            "8 GPUs hourly",
            Commitment.Kind.USAGE,
            price,
            Instant.parse("2026-09-09T15:00:00Z"),
            Instant.parse("2026-09-10T15:00:00Z"));
    var used = Invoices.row(1, 8, 3_600_000, price, price);
    IssuedInvoice invoice =
        Invoices.of(
            List.of(
                Wanted.own(
                        "H100.on-demand.kr-central",
                        LineCategory.COMMITMENT_FEE,
                        Rational.of(604_800),
                        Rational.of(192),
                        commitment)
                    .with(Invoices.covered(used, "com-1"))));

    List<Map<String, String>> rows = Datasets.read(invoice);

    assertThat(rows.getLast())
        .containsEntry("ChargeCategory", "Tax")
        .containsEntry("BilledCost", "60480.000000000000")
        .containsEntry("EffectiveCost", "60480.000000000000")
        .containsEntry("ListCost", "60480.000000000000")
        .containsEntry("ContractedCost", "60480.000000000000");
    assertThat(rows)
        .filteredOn(
            r ->
                "Purchase".equals(r.get("ChargeCategory"))
                    || "Unused".equals(r.get("CommitmentDiscountStatus")))
        .hasSize(2)
        .allSatisfy(
            r ->
                assertThat(r)
                    .containsEntry("ChargePeriodStart", "2026-09-09T15:00:00Z")
                    .containsEntry("ChargePeriodEnd", "2026-09-10T15:00:00Z"));
  }

  @Test
  void roundsEachLineOnceBesideItsExactRows() {
    Rational thousandAndTwoFifths = Rational.of(5002, 5);
    var hour = Invoices.row(1, 1, 3_600_000, thousandAndTwoFifths, thousandAndTwoFifths);
    IssuedInvoice invoice =
        Invoices.of(
            List.of(
                Wanted.usage("a", "H100.on-demand.kr", hour),
                Wanted.usage("b", "H100.on-demand.kr", hour),
                Wanted.usage("c", "H100.on-demand.kr", hour)));

    assertThat(invoice.total().amount()).isEqualTo(3_300);
    assertThat(Datasets.read(invoice))
        .filteredOn(r -> r.get("ChargeCategory").equals("Adjustment"))
        .extracting(r -> r.get("BilledCost"))
        .containsExactly("-0.400000000000", "-0.400000000000", "-0.400000000000");
  }

  @Test
  void sumsToTheWonThoughThirdsHaveNoLastDecimal() {
    var rows = new ArrayList<Wanted>();
    for (int i = 0; i < 7; i++) {
      rows.add(
          Wanted.usage(
              "p" + i,
              "H100.on-demand.kr",
              Invoices.row(i, 1, 1_000_001, Rational.of(10, 3), Rational.of(10, 7)),
              Invoices.row(i + 50, 3, 999_999, Rational.of(10, 3), Rational.of(10, 3))));
    }
    IssuedInvoice invoice = Invoices.of(rows);
    var sum =
        Datasets.read(invoice).stream()
            .map(r -> new BigDecimal(r.get("BilledCost")))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(sum).isEqualByComparingTo(Long.toString(invoice.total().amount()));
  }

  @Test
  void keepsTheSkuPriceIdWhenThePriceChanges() {
    var first = Invoices.row(1, 1, 3_600_000, Rational.of(4500), Rational.of(4500));
    var second = Invoices.row(2, 1, 3_600_000, Rational.of(4700), Rational.of(4700));
    IssuedInvoice invoice =
        Invoices.of(
            List.of(
                Wanted.usage("a", "H100.on-demand.kr", first),
                Wanted.usage("a", "H100.on-demand.kr", second)));
    assertThat(Datasets.read(invoice))
        .filteredOn(r -> r.get("ChargeCategory").equals("Usage"))
        .extracting(r -> r.get("SkuPriceId"))
        .containsOnly("H100.on-demand.kr")
        .hasSize(2);
  }

  @Test
  void readsBackFromParquetAsItStandsInTheCsv() throws IOException {
    IssuedInvoice invoice = Datasets.everyKind(false);
    var out = new ByteArrayOutputStream();
    new FocusDataset(invoice).writeParquet(out);

    assertThat(parquet(out.toByteArray())).isEqualTo(Datasets.read(invoice));
  }

  @Test
  void typesTheColumnsOfTheParquetFile() throws IOException {
    var out = new ByteArrayOutputStream();
    new FocusDataset(Datasets.everyKind(false)).writeParquet(out);
    try (var reader = ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(out.toByteArray())))) {
      var schema = reader.getFileSchema();
      assertThat(schema.getColumns()).hasSize(FocusColumn.ALL.size());
      for (FocusColumn column : FocusColumn.ALL) {
        var stored = schema.getColumn(column.id());
        assertThat(stored.repetitionType())
            .isEqualTo(column.isNullable() ? RepetitionType.OPTIONAL : RepetitionType.REQUIRED);
        assertThat(stored.logicalType().getClass().getSimpleName())
            .isEqualTo(
                switch (column.type()) {
                  case TEXT -> "StringType";
                  case DECIMAL -> "DecimalType";
                  case INSTANT -> "TimestampType";
                });
      }
    }
  }

  private static List<Map<String, String>> parquet(byte[] file) throws IOException {
    var rows = new ArrayList<Map<String, String>>();
    try (var reader = ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(file)));
        RowReader each = reader.rowReader()) {
      while (each.hasNext()) {
        each.next();
        var row = new LinkedHashMap<String, String>();
        for (FocusColumn column : FocusColumn.ALL) {
          row.put(column.id(), text(each, column));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static String text(RowReader row, FocusColumn column) {
    if (row.isNull(column.id())) {
      return null;
    }
    return switch (column.type()) {
      case TEXT -> row.getString(column.id());
      case DECIMAL -> row.getDecimal(column.id()).toPlainString();
      case INSTANT -> row.getTimestamp(column.id()).toString();
    };
  }
}
