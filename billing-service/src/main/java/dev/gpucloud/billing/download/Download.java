package dev.gpucloud.billing.download;

import dev.gpucloud.billing.document.csv.InvoiceCsv;
import dev.gpucloud.billing.document.focus.FocusDataset;
import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.pdf.InvoicePdf;
import dev.gpucloud.billing.document.pdf.Language;
import dev.gpucloud.billing.document.tax.Outcome;
import dev.gpucloud.billing.document.tax.TaxInvoice;
import dev.gpucloud.billing.document.tax.TaxInvoiceXml;
import dev.gpucloud.billing.document.tax.TaxInvoices;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemType;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A document of an issued invoice: what it is called and how it is written. */
sealed interface Download {
  String mediaType();

  String fileName(IssuedInvoice invoice);

  void write(IssuedInvoice invoice, OutputStream out) throws IOException;

  /** The invoice as it is sent to a customer. */
  record Pdf(Language language) implements Download {
    @Override
    public String mediaType() {
      return "application/pdf";
    }

    @Override
    public String fileName(IssuedInvoice invoice) {
      return invoice.number() + "-" + language.name().toLowerCase(Locale.ROOT) + ".pdf";
    }

    @Override
    public void write(IssuedInvoice invoice, OutputStream out) throws IOException {
      InvoicePdf.write(invoice, language, out);
    }

    /** The PDF in the language that was asked for, Korean without one. */
    static Pdf in(@Nullable String lang) {
      return new Pdf(
          Language.of(lang == null ? "ko" : lang)
              .orElseThrow(
                  () ->
                      ProblemType.INVALID_PARAMETER
                          .because("An invoice is printed in Korean or English.")
                          .at(
                              "lang",
                              Arrays.stream(Language.values())
                                  .map(l -> l.name().toLowerCase(Locale.ROOT))
                                  .collect(Collectors.joining(" or ", "must be ", "")))));
    }
  }

  /** The lines for a spreadsheet. */
  record Csv() implements Download {
    @Override
    public String mediaType() {
      return "text/csv;charset=UTF-8";
    }

    @Override
    public String fileName(IssuedInvoice invoice) {
      return invoice.number() + ".csv";
    }

    @Override
    public void write(IssuedInvoice invoice, OutputStream out) throws IOException {
      InvoiceCsv.write(invoice, out);
    }
  }

  /** The cost and usage dataset. */
  record Focus(boolean isParquet) implements Download {
    @Override
    public String mediaType() {
      return isParquet ? "application/vnd.apache.parquet" : "text/csv;charset=UTF-8";
    }

    @Override
    public String fileName(IssuedInvoice invoice) {
      return invoice.number() + (isParquet ? "-focus.parquet" : "-focus.csv");
    }

    @Override
    public void write(IssuedInvoice invoice, OutputStream out) throws IOException {
      var dataset = new FocusDataset(invoice);
      if (isParquet) {
        dataset.writeParquet(out);
      } else {
        dataset.writeCsv(out);
      }
    }
  }

  /** The tax document as it goes to the tax office; which of several if a tax type is given. */
  record TaxXml(@Nullable TaxType taxType) implements Download {

    /** The document of the type that was asked for, or of whichever the invoice has. */
    static TaxXml of(@Nullable String taxType) {
      return new TaxXml(
          taxType == null
              ? null
              : Arrays.stream(TaxType.values())
                  .filter(t -> t != TaxType.OUT_OF_SCOPE && t.name().equals(taxType))
                  .findFirst()
                  .orElseThrow(
                      () ->
                          ProblemType.INVALID_PARAMETER
                              .because("There is no such tax type.")
                              .at("taxType", "must be TAXED, ZERO_RATED or EXEMPT")));
    }

    @Override
    public String mediaType() {
      return "application/xml";
    }

    @Override
    public String fileName(IssuedInvoice invoice) {
      return invoice.number() + "-tax.xml";
    }

    @Override
    public void write(IssuedInvoice invoice, OutputStream out) throws IOException {
      switch (TaxInvoices.of(invoice)) {
        case Outcome.Ready ready -> TaxInvoiceXml.write(one(ready.documents()), out);
        case Outcome.Refused refused -> throw refused(refused);
      }
    }

    private TaxInvoice one(List<TaxInvoice> documents) {
      List<TaxInvoice> found =
          documents.stream().filter(d -> taxType == null || d.taxType() == taxType).toList();
      if (found.size() != 1) {
        List<TaxType> types = documents.stream().map(TaxInvoice::taxType).toList();
        throw ProblemType.INVALID_PARAMETER
            .because("The invoice has tax documents of " + types + "; name one of them.")
            .at("taxType", "must be one of " + types);
      }
      return found.getFirst();
    }

    private static RuntimeException refused(Outcome.Refused refused) {
      return ProblemType.STATE_CONFLICT
          .because("The invoice has no tax document: " + refused.violations().getFirst().detail())
          .with(
              "violations",
              refused.violations().stream()
                  .map(v -> new FieldError(v.pointer(), v.detail()))
                  .toList());
    }
  }
}
