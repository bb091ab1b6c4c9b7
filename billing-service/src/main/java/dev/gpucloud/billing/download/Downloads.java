package dev.gpucloud.billing.download;

import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Answers with a document. It is written to a file on a worker thread, sent from there without a
 * copy in memory, and gone when the answer ends, whichever way: so one that cannot be written is
 * answered with a problem, not with half a file.
 */
@ApplicationScoped
class Downloads {

  Uni<Response> answer(IssuedInvoice invoice, Download download, RoutingContext request) {
    return Uni.createFrom()
        .item(() -> written(invoice, download))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .map(
            file -> {
              request.addEndHandler(ended -> request.vertx().fileSystem().delete(file.toString()));
              return response(invoice, download, file);
            });
  }

  private static Path written(IssuedInvoice invoice, Download download) {
    try {
      Path file = Files.createTempFile("gpucloud-document", null);
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
        download.write(invoice, out);
        return file;
      } catch (IOException | RuntimeException e) {
        Files.delete(file);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Response response(IssuedInvoice invoice, Download download, Path file) {
    return Response.ok(file.toFile())
        .type(download.mediaType())
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            "attachment; filename=\"" + download.fileName(invoice) + "\"")
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .build();
  }
}
