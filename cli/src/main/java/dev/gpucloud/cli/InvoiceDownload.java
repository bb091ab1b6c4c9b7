package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that takes a document of an issued invoice away to a new file. */
abstract class InvoiceDownload extends ApiCommand {

  /** What an invoice can be taken as. */
  enum Format {
    PDF("pdf", "pdf"),
    CSV("csv", "csv"),
    JSON("json", "json"),
    FOCUS_CSV("focus-csv", "focus.csv"),
    FOCUS_PARQUET("focus-parquet", "focus.parquet"),
    TAX_DOCUMENT("tax-document", "tax.xml");

    private final String word;
    private final String suffix;

    Format(String word, String suffix) {
      this.word = word;
      this.suffix = suffix;
    }

    static Format of(String word) {
      return Arrays.stream(values())
          .filter(f -> f.word.equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  new CliException(
                      ExitCode.USAGE, "There is no format " + word + "; use " + words() + "."));
    }

    private static String words() {
      return Arrays.stream(values()).map(f -> f.word).collect(Collectors.joining(", "));
    }
  }

  @Parameters(
      paramLabel = "INVOICE",
      description =
          "Its id or number; a note's number (such as 2026-11-000002-C01) takes the note.")
  private String invoice = "";

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      defaultValue = "pdf",
      description =
          "pdf, csv, json, focus-csv, focus-parquet or tax-document (default: ${DEFAULT-VALUE}).")
  private String format = "pdf";

  @Option(
      names = "--lang",
      paramLabel = "LANG",
      defaultValue = "ko",
      description = "Language of a PDF: ko or en (default: ${DEFAULT-VALUE}).")
  private String lang = "ko";

  @Option(
      names = "--tax-type",
      paramLabel = "TYPE",
      description = "Which of several tax documents: TAXED, ZERO_RATED or EXEMPT.")
  private @Nullable String taxType;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "A new file; the invoice and the format name it otherwise.")
  private @Nullable Path file;

  InvoiceDownload(CliContext context) {
    super(context);
  }

  /** An invoice in a format. */
  abstract Call<Call.Nothing, ?> document(Format format, String invoice);

  /** The language of what people read. */
  final String lang() {
    return lang;
  }

  final @Nullable String taxType() {
    return taxType;
  }

  @Override
  final ExitCode run() {
    Format wanted = Format.of(format);
    Path named = file == null ? Path.of(invoice + "." + wanted.suffix) : file;
    WorkingFolder folder = new WorkingFolder(context());
    folder.requireNew(named);
    folder.write(named, api().download(document(wanted, invoice)));
    say("Wrote %s.", named);
    return ExitCode.OK;
  }
}
