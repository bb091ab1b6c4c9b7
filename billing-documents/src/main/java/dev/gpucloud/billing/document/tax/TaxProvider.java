package dev.gpucloud.billing.document.tax;

import java.io.IOException;

/**
 * The way out to the tax office. A key is transmitted once: the same document again is answered as
 * before, another one under the same key is refused. Blocks; not for an event loop.
 */
public interface TaxProvider {
  Transmission transmit(TaxInvoice document) throws IOException;
}
