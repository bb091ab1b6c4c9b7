package dev.gpucloud.billing.taxdocument;

import dev.gpucloud.billing.document.tax.FileTaxProvider;
import dev.gpucloud.billing.document.tax.TaxInvoice;
import dev.gpucloud.billing.document.tax.TaxProvider;
import dev.gpucloud.billing.document.tax.Transmission;
import dev.gpucloud.contracts.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** The configured way to the tax office, on a worker thread. */
@ApplicationScoped
class TaxOffice {
  private final Optional<TaxProvider> provider;

  TaxOffice(TaxConfig config) {
    this.provider = config.folder().map(FileTaxProvider::new);
  }

  Uni<Transmission> transmit(TaxInvoice document) {
    TaxProvider way =
        provider.orElseThrow(
            () ->
                ProblemType.STATE_CONFLICT.because(
                    "No way to the tax office is configured; an operator sets"
                        + " gpucloud.tax-documents.folder."));
    return Uni.createFrom()
        .item(() -> transmit(way, document))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  private static Transmission transmit(TaxProvider way, TaxInvoice document) {
    try {
      return way.transmit(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
