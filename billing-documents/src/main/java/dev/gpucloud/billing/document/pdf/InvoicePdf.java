package dev.gpucloud.billing.document.pdf;

import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.contracts.time.BillingMonth;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZonedDateTime;
import java.util.GregorianCalendar;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;

/**
 * Writes an invoice as a PDF with its own fonts in it. The same invoice in the same language gives
 * the same bytes. Uses the processor for some 10 to 100 ms: not for an event loop.
 */
public final class InvoicePdf {
  private InvoicePdf() {}

  /** Writes the document; the stream stays open. */
  public static void write(IssuedInvoice invoice, Language language, OutputStream out)
      throws IOException {
    try (var document = new PDDocument();
        var sheet = new Sheet(document)) {
      describe(document, invoice, language);
      new FirstPages(sheet, invoice, language).write();
      new Appendix(sheet, invoice, language).write();
      sheet.foot(
          Words.title(invoice.mode(), language)
              + " "
              + invoice.number()
              + "  ·  "
              + invoice.supplier().name());
      document.save(out);
    }
  }

  private static void describe(PDDocument document, IssuedInvoice invoice, Language language) {
    var info = new PDDocumentInformation();
    info.setTitle(Words.title(invoice.mode(), language) + " " + invoice.number());
    info.setAuthor(invoice.supplier().name());
    info.setCreationDate(GregorianCalendar.from(issued(invoice)));
    document.setDocumentInformation(info);
    document.setDocumentId((long) invoice.id().hashCode());
    document.getDocumentCatalog().setLanguage(language.tag());
  }

  private static ZonedDateTime issued(IssuedInvoice invoice) {
    return invoice.issuedAt().atZone(BillingMonth.ZONE);
  }
}
