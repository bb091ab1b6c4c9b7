package dev.gpucloud.billing.document.tax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.billing.document.fixture.Datasets;
import dev.gpucloud.billing.document.fixture.Invoices;
import dev.gpucloud.billing.document.fixture.StubTaxProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.SAXException;

/** What every way to the tax office has in common, and the XML that the file adapter leaves. */
class TaxProviderTest {
  @TempDir Path folder;

  private TaxProvider provider(String name) {
    return name.equals("file") ? new FileTaxProvider(folder) : new StubTaxProvider();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "stub"})
  void answersTheSameDocumentAsBefore(String name) throws IOException {
    TaxProvider provider = provider(name);
    TaxInvoice document = TaxInvoicesTest.document(Invoices.large(3));
    Transmission first = provider.transmit(document);
    assertThat(first).isNotInstanceOf(Transmission.Rejected.class);
    assertThat(provider.transmit(document)).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "stub"})
  void refusesAnotherDocumentUnderTheSameKey(String name) throws IOException {
    TaxProvider provider = provider(name);
    provider.transmit(TaxInvoicesTest.document(Invoices.large(3)));
    assertThat(provider.transmit(TaxInvoicesTest.document(Invoices.large(4))))
        .isEqualTo(new Transmission.Rejected("another document has the key 2026-09-000123"));
  }

  @Test
  void leavesOneWholeFileForEachDocument() throws IOException {
    new FileTaxProvider(folder).transmit(TaxInvoicesTest.document(Invoices.large(3)));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly("2026-09-000123.xml");
    }
    assertThat(Files.readString(folder.resolve("2026-09-000123.xml")))
        .contains("<SupplyValue>211296</SupplyValue><Vat>21129</Vat><Total>232425</Total>")
        .contains("<Name>에스케이하이닉스 주식회사</Name>");
  }

  @Test
  void writesXmlOfItsSchema() throws IOException, SAXException {
    TaxInvoice original = TaxInvoicesTest.document(Datasets.everyKind(false));
    var amendments = new Amendments(original, "202610010000000000000001", 1);
    List<TaxInvoice> pair = ((Outcome.Ready) amendments.entryError(original)).documents();
    valid(original);
    valid(pair.getFirst());
    valid(pair.getLast());
    valid(TaxInvoicesTest.document(Invoices.large(300)));
  }

  @Test
  void itsSchemaRefusesWhatIsWrong() {
    assertThatThrownBy(() -> validate("<TaxInvoice xmlns='urn:gpucloud:tax-invoice:1'/>"))
        .isInstanceOf(SAXException.class);
  }

  private static void valid(TaxInvoice document) throws IOException, SAXException {
    var out = new ByteArrayOutputStream();
    TaxInvoiceXml.write(document, out);
    validate(out.toString(StandardCharsets.UTF_8));
  }

  private static void validate(String xml) throws IOException, SAXException {
    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .newSchema(TaxInvoiceXml.class.getResource("tax-invoice.xsd"))
        .newValidator()
        .validate(new StreamSource(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8))));
  }
}
