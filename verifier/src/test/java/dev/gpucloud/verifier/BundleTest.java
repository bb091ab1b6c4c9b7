package dev.gpucloud.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle as it was written is proven and recomputed; any other is not. */
class BundleTest {
  @TempDir private Path folder;

  private static String bundle() {
    var lines = new StringBuilder();
    String head = add(lines, Bundle.START, "format", List.of(Bundle.FORMAT));
    head = add(lines, head, "invoice", InvoiceOracleTest.INVOICE.lines().toList());
    head = add(lines, head, "prices", InvoiceOracleTest.PRICES.lines().toList());
    head = add(lines, head, "event", InvoiceOracleTest.EVENTS.lines().toList());
    add(lines, head, "end", List.of("2026-09-000001"));
    return lines.toString();
  }

  private static String add(StringBuilder lines, String before, String name, List<String> texts) {
    String head = before;
    for (String text : texts) {
      head = Bundle.link(head, name, text);
      lines.append(String.join(" ", head, name, text)).append('\n');
    }
    return head;
  }

  private record Ended(int status, String said) {}

  private Ended verify(byte[] content, String... head) throws IOException {
    Path file = folder.resolve("a.bundle");
    Files.write(file, content);
    String[] arguments = Arrays.copyOf(new String[] {file.toString()}, 1 + head.length);
    System.arraycopy(head, 0, arguments, 1, head.length);
    var said = new StringWriter();
    int status = VerifyInvoice.run(arguments, new PrintWriter(said));
    return new Ended(status, said.toString());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void asItWasWrittenItIsProvenAndItsInvoiceRecomputed() throws IOException {
    String bundle = bundle();
    assertThat(verify(bytes(bundle))).isEqualTo(new Ended(0, "same: total 396000 won\n"));
    String last = bundle.lines().toList().getLast();
    assertThat(verify(bytes(bundle), last.substring(0, 64)).status()).isZero();
    Ended other = verify(bytes(bundle), "0".repeat(64));
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.said()).contains("head: is " + last.substring(0, 64));
  }

  @Test
  void oneAlteredByteIsFoundWhereItIs() throws IOException {
    byte[] whole = bytes(bundle());
    int line = 1;
    for (int i = 0; i < whole.length; i++) {
      byte[] altered = whole.clone();
      altered[i] ^= 1;
      Ended ended = verify(altered);
      assertThat(ended.status()).as("byte %d", i).isNotZero();
      assertThat(ended.said())
          .as("byte %d of line %d", i, line)
          .containsAnyOf("line " + line, "cannot check");
      line += whole[i] == '\n' ? 1 : 0;
    }
  }

  @Test
  void aLineThatIsDroppedDoubledSwappedOrCutOffIsFound() throws IOException {
    List<String> lines = bundle().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      var dropped = new ArrayList<>(lines);
      String line = dropped.remove(i);
      assertThat(verify(bytes(text(dropped))).status()).as("without line %d", i + 1).isNotZero();
      dropped.add(i, line);
      dropped.add(i, line);
      assertThat(verify(bytes(text(dropped))).status()).as("twice line %d", i + 1).isNotZero();
      assertThat(verify(bytes(text(lines.subList(0, i)))).status()).as("%d lines", i).isNotZero();
    }
  }

  private static String text(List<String> lines) {
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }
}
