package dev.gpucloud.verifier;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code VerifyInvoice EVENTS.ndjson PRICES.json INVOICE.json}: exits 0 when the invoice is what
 * events and prices come to, 1 with a line per difference, 2 when it cannot be checked.
 */
public final class VerifyInvoice {
  private static final int SAME = 0;
  private static final int DIFFERENT = 1;
  private static final int UNREADABLE = 2;

  private VerifyInvoice() {}

  public static void main(String[] args) {
    var out =
        new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.exit(run(args, out));
  }

  /** Does what {@code main} does and answers its exit status. */
  public static int run(String[] args, PrintWriter out) {
    if (args.length < 1 || args.length > 3) {
      out.println("usage: VerifyInvoice EVENTS.ndjson PRICES.json INVOICE.json, or BUNDLE [HEAD]");
      return UNREADABLE;
    }
    try {
      return args.length == 3
          ? verify(text(args[0]), text(args[1]), text(args[2]), out)
          : verify(Bundle.read(text(args[0])), args.length == 2 ? args[1] : null, out);
    } catch (IOException | IllegalArgumentException e) {
      out.println("cannot check: " + e.getMessage());
      return UNREADABLE;
    }
  }

  /** A bundle's chain, and then what its invoice comes to. */
  private static int verify(Bundle bundle, String head, PrintWriter out) {
    bundle.differences().forEach(out::println);
    boolean isOther = head != null && !head.equals(bundle.head());
    if (isOther) {
      out.println("head: is " + bundle.head() + ", not " + head);
    }
    if (isOther || !bundle.differences().isEmpty()) {
      out.println("different: the bundle is not what was exported");
      return DIFFERENT;
    }
    return verify(bundle.text("event"), bundle.text("prices"), bundle.text("invoice"), out);
  }

  private static int verify(String events, String prices, String invoice, PrintWriter out) {
    Report report = new InvoiceOracle().verify(events, prices, invoice);
    report.differences().forEach(out::println);
    report.unjudged().forEach(line -> out.println("not judged: " + line));
    if (report.matches() && !report.unjudged().isEmpty()) {
      out.println("cannot check all of it; the rest is the same");
      return UNREADABLE;
    }
    out.println(
        report.matches()
            ? "same: total " + report.expectedTotal() + " won"
            : "different: total should be " + report.expectedTotal() + " won");
    return report.matches() ? SAME : DIFFERENT;
  }

  private static String text(String file) throws IOException {
    return Files.readString(Path.of(file));
  }
}
