package dev.gpucloud.billing;

import static dev.gpucloud.billing.fixture.World.approver;
import static dev.gpucloud.billing.fixture.World.as;
import static dev.gpucloud.billing.fixture.World.auditor;
import static dev.gpucloud.billing.fixture.World.finance;
import static dev.gpucloud.billing.fixture.World.move;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.gpucloud.billing.fixture.AfterTheMonth;
import dev.gpucloud.billing.fixture.World;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The documents of an invoice that was issued on the real database. */
@QuarkusTest
class DownloadIT extends AfterTheMonth {
  private static final List<String> DOCUMENTS =
      List.of("pdf", "csv", "focus.csv", "focus.parquet", "tax-document");
  private static World world;
  private static World foreign;
  private static String id;
  private static String number;

  @BeforeEach
  void anIssuedInvoice() throws Exception {
    if (id != null) {
      return;
    }
    world = new World().tenant("SUBSIDIARY", "GROUP_SERVICE", "");
    foreign = World.external();
    world.ran("학습-a", 8, "2026-11-02T09:00:00", "2026-11-02T12:00:00");
    world.ran("b", 8, "2026-11-02T09:00:00.250", "2026-11-02T09:00:47.001");
    world.awaitEvents(10);
    String drafted = world.draft("2026-11").then().statusCode(201).extract().path("id");
    finance()
        .get("/api/v1/finance/invoices/" + drafted + "/pdf")
        .then()
        .statusCode(409)
        .body("code", equalTo("STATE_CONFLICT"))
        .body("params.state", equalTo("DRAFT"));
    move(finance(), drafted, "submit").then().statusCode(200);
    move(approver(), drafted, "approve").then().statusCode(200);
    number = move(finance(), drafted, "issue").then().statusCode(200).extract().path("number");
    id = drafted;
  }

  private static String ofFinance(String invoice, String document) {
    return "/api/v1/finance/invoices/" + invoice + "/" + document;
  }

  private static String ofTenant(World of, String invoice, String document) {
    return "/api/v1/tenants/" + of.slug + "/invoices/" + invoice + "/" + document;
  }

  private static Response viewed(String document) {
    Response response = as(world.billingViewer).get(ofTenant(world, number, document));
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    return response;
  }

  @Test
  void sendsThePdfInBothLanguages() throws IOException {
    assertThat(viewed("pdf").header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"" + number + "-ko.pdf\"");
    assertThat(viewed("pdf").contentType()).startsWith("application/pdf");
    assertThat(text(viewed("pdf").asByteArray()))
        .contains("청구서", number, "130,320", "13,032", "143,352원", "학습-a", "2027년 2월 1일");
    assertThat(text(viewed("pdf?lang=en").asByteArray())).contains("Invoice", "KRW 143,352");
  }

  @Test
  void sendsTheSameDocumentsToFinance() {
    for (String document : DOCUMENTS) {
      byte[] sent = finance().get(ofFinance(id, document)).asByteArray();
      assertThat(sent).as(document).isNotEmpty();
      if (!document.equals("focus.parquet")) {
        assertThat(sent).as(document).isEqualTo(viewed(document).asByteArray());
      }
    }
  }

  @Test
  void sendsFocusWhoseBilledCostSumsToTheTotal() {
    List<String> lines = viewed("focus.csv").asString().lines().filter(l -> !l.isBlank()).toList();
    assertThat(lines.getFirst()).startsWith("BilledCost,BillingAccountId,");
    BigDecimal sum =
        lines.stream()
            .skip(1)
            .map(l -> new BigDecimal(l.substring(0, l.indexOf(','))))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(sum).isEqualByComparingTo("143352");
    assertThat(lines).hasSize(4);
  }

  @Test
  void sendsAWholeParquetFile() {
    byte[] file = viewed("focus.parquet").asByteArray();
    assertThat(ascii(Arrays.copyOf(file, 4))).isEqualTo("PAR1");
    assertThat(ascii(Arrays.copyOfRange(file, file.length - 4, file.length))).isEqualTo("PAR1");
  }

  @Test
  void sendsTheTaxDocumentAsXml() {
    assertThat(viewed("tax-document").asString())
        .contains("<Key>" + number + "</Key>", "<WriteDate>2026-11-30</WriteDate>")
        .contains("<SupplyValue>130320</SupplyValue><Vat>13032</Vat>");
  }

  @Test
  void sendsTheLinesAsCsv() {
    assertThat(viewed("csv").asString()).contains(number + ",2026-11,1,").contains(",130320,13032");
  }

  @Test
  void leavesNothingBehind() throws IOException {
    viewed("pdf");
    World.eventually(() -> left() == 0);
  }

  private static long left() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(f -> f.getFileName().toString().startsWith("gpucloud-document")).count();
    }
  }

  @Test
  void refusesALanguageThatThereIsNot() {
    finance()
        .get(ofFinance(id, "pdf?lang=fr"))
        .then()
        .statusCode(400)
        .body("code", equalTo("INVALID_PARAMETER"))
        .body("errors[0].pointer", containsString("lang"));
  }

  @Test
  void turnsStrangersAndWrongRolesAway() {
    for (String document : DOCUMENTS) {
      assertStatus(given(), ofFinance(id, document), 401);
      assertStatus(given(), ofTenant(world, id, document), 401);
      assertStatus(as(world.owner), ofFinance(id, document), 403);
      assertStatus(as(world.operator), ofTenant(world, id, document), 403);
      assertStatus(as(world.viewer), ofTenant(world, id, document), 403);
      assertStatus(as(foreign.owner), ofTenant(world, id, document), 404);
      assertStatus(as(foreign.owner), ofTenant(foreign, id, document), 404);
      assertStatus(auditor(), ofFinance(id, document), 200);
    }
  }

  private static void assertStatus(RequestSpecification by, String path, int status) {
    assertThat(by.get(path).statusCode()).as(path).isEqualTo(status);
  }

  private static String text(byte[] pdf) throws IOException {
    try (PDDocument document = Loader.loadPDF(pdf)) {
      return new PDFTextStripper().getText(document);
    }
  }

  private static String ascii(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
