package dev.gpucloud.billing.document.tax;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Leaves each document as an XML file in a folder, from where people or another system take it to
 * the tax office. A file is there as a whole or not at all, and is never replaced.
 */
public final class FileTaxProvider implements TaxProvider {
  private final Path folder;

  public FileTaxProvider(Path folder) {
    this.folder = folder;
  }

  @Override
  public Transmission transmit(TaxInvoice document) throws IOException {
    if (!document.key().matches("[A-Za-z0-9-]{1,24}")) {
      return new Transmission.Rejected("the key is no file name: " + document.key());
    }
    var bytes = new ByteArrayOutputStream();
    TaxInvoiceXml.write(document, bytes);
    Files.createDirectories(folder);
    Path file = folder.resolve(document.key() + ".xml");
    Path whole = Files.createTempFile(folder, ".tax", ".part");
    try {
      Files.write(whole, bytes.toByteArray());
      // a link fails if there is such a file already, where a move would replace it
      Files.createLink(file, whole);
    } catch (FileAlreadyExistsException e) {
      if (!Arrays.equals(Files.readAllBytes(file), bytes.toByteArray())) {
        return new Transmission.Rejected("another document has the key " + document.key());
      }
    } finally {
      Files.delete(whole);
    }
    return new Transmission.Sent(file.getFileName().toString());
  }
}
