package dev.gpucloud.billing.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceSheetReaderTest {
  private static final String GOOD =
      """
      currency: KRW
      operator: {name: Op, businessNumber: "000-00-00072"}
      gpuModels: [{id: b200}, {id: h200}]
      sites: [{id: s1, region: r1}, {id: s2, region: r2}, {id: s3, region: r1}]
      instanceTypes: [{id: b200.8x, model: b200, gpus: 8}, {id: b200.mig, model: b200, migProfile: 1g}]
      priceBook:
        effectiveFrom: 2026-01-01
        onDemandPerGpuHour: {b200: 7200}
        migPerHour: {b200.mig: 756}
        preemptiblePct: 40
        reservedPct: {months12: 65}
        stoppedPct: 0
        discountPct: {kind: {SUBSIDIARY: 25}, segment: {STARTUP: 20}}
      """;

  private static JsonNode yaml(String text) throws IOException {
    return YAMLMapper.builder()
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .build()
        .readTree(text);
  }

  @Test
  void makesASkuOfEachItemPurchaseClassAndRegion() throws IOException {
    PriceSheet sheet = PriceSheetReader.read(yaml(GOOD));
    assertThat(sheet.effectiveFrom()).isEqualTo(Instant.parse("2025-12-31T15:00:00Z"));
    assertThat(sheet.prices())
        .extracting(PriceSheet.Price::sku)
        .containsExactlyInAnyOrder(
            "b200.on-demand.r1",
            "b200.on-demand.r2",
            "b200.preemptible.r1",
            "b200.preemptible.r2",
            "b200.reserved-12m.r1",
            "b200.reserved-12m.r2",
            "b200.mig.on-demand.r1",
            "b200.mig.on-demand.r2",
            "b200.mig.preemptible.r1",
            "b200.mig.preemptible.r2",
            "b200.mig.reserved-12m.r1",
            "b200.mig.reserved-12m.r2");
    assertThat(sheet.discounts()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "currency: KRW | currency: USD | /currency",
        "b200: 7200 | b200: -1 | /priceBook/onDemandPerGpuHour/b200",
        "b200: 7200 | b200: 0 | /priceBook/onDemandPerGpuHour/b200",
        "b200: 7200 | b200: 1e16 | /priceBook/onDemandPerGpuHour/b200",
        "b200: 7200 | b200: cheap | /priceBook/onDemandPerGpuHour/b200",
        "b200: 7200 | b300: 7200 | /priceBook/onDemandPerGpuHour/b300",
        "b200.mig: 756 | b200.8x: 756 | /priceBook/migPerHour/b200.8x",
        "preemptiblePct: 40 | preemptiblePct: 140 | /priceBook/preemptiblePct",
        "months12: 65 | yearly: 65 | /priceBook/reservedPct/yearly",
        "stoppedPct: 0 | stoppedPct: 5 | /priceBook/stoppedPct",
        "SUBSIDIARY: 25 | FRIEND: 25 | /priceBook/discountPct/kind/FRIEND",
        "STARTUP: 20 | STARTUP: 120 | /priceBook/discountPct/segment/STARTUP",
        "2026-01-01 | soon | /priceBook/effectiveFrom",
        "000-00-00072 | 000-00-00073 | /operator/businessNumber",
        "migPerHour | migPerHours | /priceBook/migPerHours",
        "currency | curency | /curency",
        "{id: h200} | {id: b200} | /gpuModels/1/id",
        "region: r2 | region: R 2 | /sites/1/region"
      })
  void namesWhatIsWrong(String from, String to, String pointer) throws IOException {
    JsonNode document = yaml(GOOD.replace(from, to));
    var problem =
        catchThrowableOfType(ProblemException.class, () -> PriceSheetReader.read(document));
    assertThat(problem).isNotNull();
    assertThat(problem.errors()).extracting(FieldError::pointer).contains(pointer);
  }

  @Test
  void answersAllViolationsAtOnce() throws IOException {
    JsonNode document =
        yaml(
            GOOD.replace("b200: 7200", "b200: -1")
                .replace("currency: KRW", "currency: USD")
                .replace("STARTUP: 20", "STARTUP: 120"));
    var problem =
        catchThrowableOfType(ProblemException.class, () -> PriceSheetReader.read(document));
    assertThat(problem.errors()).hasSize(3);
    assertThat(problem.detail()).isEqualTo("3 values are invalid; nothing was changed.");
  }

  @Test
  void anEmptyDocumentIsRefused() throws IOException {
    for (String text : new String[] {"{}", "[]", "just text"}) {
      JsonNode document = yaml(text);
      assertThat(
              catchThrowableOfType(ProblemException.class, () -> PriceSheetReader.read(document)))
          .as(text)
          .isNotNull();
    }
  }

  @Test
  void pricesStayExact() {
    assertThat(PriceImportService.priceKrw(new BigDecimal("756"), new BigDecimal("40")))
        .isEqualTo("302.4");
    assertThat(PriceImportService.priceKrw(new BigDecimal("7200"), new BigDecimal("100")))
        .isEqualTo("7200");
  }

  @ParameterizedTest
  @CsvSource({
    "000-00-00015, true",
    "000-00-00072, true",
    "000-00-00016, false",
    "0000000015, false",
    "'', false"
  })
  void businessNumbersCarryACheckDigit(String number, boolean valid) {
    assertThat(BusinessNumber.isValid(number)).isEqualTo(valid);
  }

  private static final String TIERS =
      GOOD.replace(
          "b200: 7200",
          "b200: {mode: VOLUME, bands: [{upToHours: 1000.5, priceKrw: 4500}, {priceKrw: 4200}]}");

  @Test
  void aPriceMayHaveTiers() throws IOException {
    PriceSheet.Price price =
        PriceSheetReader.read(yaml(TIERS)).prices().stream()
            .filter(p -> p.sku().equals("b200.preemptible.r1"))
            .findFirst()
            .orElseThrow();
    assertThat(price.listPriceKrw()).isEqualByComparingTo("4500");
    assertThat(price.classPct()).isEqualByComparingTo("40");
    assertThat(price.tiers())
        .isEqualTo(
            new Tiers(
                Tiers.Mode.VOLUME,
                List.of(
                    new Tiers.Band(Rational.of(2001, 2), Rational.of(4500)),
                    new Tiers.Band(null, Rational.of(4200)))));
    PriceSheet graduated = PriceSheetReader.read(yaml(TIERS.replace("mode: VOLUME, ", "")));
    assertThat(graduated.prices().getFirst().tiers().mode()).isEqualTo(Tiers.Mode.GRADUATED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode: VOLUME | mode: STEPS | /mode",
        "mode: VOLUME | way: VOLUME | /way",
        "upToHours: 1000.5 | upToHours: -1 | /bands/0/upToHours",
        "upToHours: 1000.5 | upToHours: many | /bands/0/upToHours",
        "'upToHours: 1000.5, ' | '' | /bands/0/upToHours",
        "{priceKrw: 4200} | {upToHours: 2000, priceKrw: 4200} | /bands/1/upToHours",
        "'{priceKrw: 4200}' | '{upToHours: 9, priceKrw: 1}, {priceKrw: 1}' | /bands/1/upToHours",
        "priceKrw: 4200 | priceKrw: 0 | /bands/1/priceKrw",
        "priceKrw: 4200 | price: 4200 | /bands/1/price",
        "bands: | band: | /bands"
      })
  void namesWhatIsWrongOfTiers(String from, String to, String pointer) throws IOException {
    JsonNode document = yaml(TIERS.replace(from, to));
    var problem =
        catchThrowableOfType(ProblemException.class, () -> PriceSheetReader.read(document));
    assertThat(problem.errors())
        .extracting(FieldError::pointer)
        .contains("/priceBook/onDemandPerGpuHour/b200" + pointer);
  }

  @Test
  void readsTheExampleOfTheDocumentation() throws IOException {
    Path docs = Path.of(System.getProperty("gpucloud.root"), "docs", "prices");
    PriceSheet sheet = PriceSheetReader.read(yaml(Files.readString(docs.resolve("example.yaml"))));
    assertThat(sheet.prices()).hasSize(3 * 5 * 2);
    assertThat(sheet.prices()).filteredOn(p -> p.tiers() != null).hasSize(10);
    assertThat(sheet.operator()).isNotNull();
    assertThat(sheet.discounts()).hasSize(3);
  }
}
