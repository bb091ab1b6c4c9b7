package dev.gpucloud.billing.correction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoteLinesTest {
  private static final BillingMonth SEPTEMBER = BillingMonth.parse("2026-09");
  private static final UUID A = new UUID(0, 1);
  private static final UUID B = new UUID(0, 2);

  private static BilledLine line(TaxType type, @Nullable UUID project, long supply, long vat) {
    return new BilledLine(
        type, project, null, "h100", type != TaxType.TAXED, new Won(supply), new Won(vat));
  }

  private static NoteTarget target(BilledLine... lines) {
    return new NoteTarget(
        UUID.randomUUID(),
        UUID.randomUUID(),
        UUID.randomUUID(),
        "2026-09-000001",
        SEPTEMBER,
        BillingMode.EXTERNAL,
        LocalDate.of(2026, 9, 30),
        List.of(lines),
        List.of());
  }

  private static final NoteTarget MIXED =
      target(
          line(TaxType.ZERO_RATED, A, 5_000, 0),
          line(TaxType.ZERO_RATED, B, 400, 0),
          line(TaxType.TAXED, null, 10_000, 1_000),
          line(TaxType.TAXED, A, 57, 6),
          line(TaxType.TAXED, B, 18, 1));

  private static List<NoteLine> percentage(String pct, NoteTarget of) {
    return NoteLines.differing(of, NoteLines.percentage(Rational.parse(pct), of.standing()));
  }

  @Test
  void aPercentageIsDividedByTaxTypeAndProjectAndBearsVatWhereItIsTaxed() {
    assertThat(percentage("10", MIXED))
        .extracting(NoteLine::taxType, NoteLine::project, NoteLine::supply, NoteLine::vat)
        .containsExactly(
            tuple(TaxType.TAXED, null, new Won(-1_000), new Won(-100)),
            tuple(TaxType.TAXED, A, new Won(-6), new Won(0)),
            tuple(TaxType.TAXED, B, new Won(-2), new Won(0)),
            tuple(TaxType.ZERO_RATED, A, new Won(-500), Won.ZERO),
            tuple(TaxType.ZERO_RATED, B, new Won(-40), Won.ZERO));
  }

  @Test
  void allIsTakenBackAsItWasCharged() {
    assertThat(NoteLines.takeBack(MIXED))
        .extracting(NoteLine::taxType, NoteLine::project, NoteLine::supply, NoteLine::vat)
        .contains(
            tuple(TaxType.TAXED, A, new Won(-57), new Won(-6)),
            tuple(TaxType.TAXED, B, new Won(-18), new Won(-1)),
            tuple(TaxType.ZERO_RATED, B, new Won(-400), Won.ZERO))
        .hasSize(5);
  }

  @Test
  void lateUsageIsDividedByWhatChangedOfEachTaxTypeAndProject() {
    Map<Key, Rational> changes =
        Map.of(
            key(TaxType.TAXED, A), Rational.parse("-3001/2"),
            key(TaxType.TAXED, B), Rational.of(300),
            key(TaxType.ZERO_RATED, B), Rational.parse("199/2"));
    var correction =
        new Correction(
            SEPTEMBER,
            Correction.Outcome.AMENDED,
            new Won(15_475),
            new Won(1_007),
            new Won(14_374),
            new Won(887),
            changes,
            Map.of(TaxType.TAXED, new Won(-1_201), TaxType.ZERO_RATED, new Won(100)),
            List.of());
    List<NoteLine> lines = NoteLines.late(MIXED, correction, Map.of(new ProjectId(A), "a"));
    assertThat(lines)
        .extracting(NoteLine::taxType, NoteLine::project, NoteLine::projectSlug, NoteLine::supply)
        .containsExactly(
            tuple(TaxType.TAXED, A, "a", new Won(-1_501)),
            tuple(TaxType.TAXED, B, null, new Won(300)),
            tuple(TaxType.ZERO_RATED, B, null, new Won(100)));
    // 10,075 won become 8,874
    assertThat(sum(lines, true)).isEqualTo(887 - 1_007);
  }

  private static Key key(TaxType type, UUID project) {
    return new Key(new ProjectId(project), "h100", "v1", type, LineCategory.CORRECTION, SEPTEMBER);
  }

  private static long sum(List<NoteLine> lines, boolean vat) {
    return lines.stream().mapToLong(l -> (vat ? l.vat() : l.supply()).amount()).sum();
  }

  /** The lines sum to the percentage of each type, and their VAT to 10 % of it, or to all of it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void linesSumToTheNote(long seed) {
    var random = new Random(seed);
    for (int n = 0; n < 200; n++) {
      NoteTarget of =
          target(
              IntStream.rangeClosed(1, 1 + random.nextInt(6))
                  .mapToObj(
                      i ->
                          line(
                              TaxType.values()[random.nextInt(3)],
                              new UUID(0, random.nextInt(3)),
                              1 + random.nextInt(100_000),
                              random.nextInt(100)))
                  .toArray(BilledLine[]::new));
      String pct = Integer.toString(1 + random.nextInt(100));
      List<NoteLine> lines = percentage(pct, of);
      for (TaxType type : of.taxTypes()) {
        List<NoteLine> ofType = lines.stream().filter(l -> l.taxType() == type).toList();
        Rational exact =
            Rational.of(of.supply(type).amount())
                .multiply(Rational.parse(pct))
                .divide(Rational.of(100));
        assertThat(-sum(ofType, false)).isEqualTo(exact.roundHalfUpToLong());
        long vat = pct.equals("100") ? of.vat(type).negate().amount() : sum(ofType, false) / 10;
        assertThat(sum(ofType, true)).isEqualTo(type == TaxType.TAXED ? vat : 0);
      }
    }
  }
}
