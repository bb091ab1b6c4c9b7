package dev.gpucloud.billing.taxdocument;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** The way of tax documents to the tax office. */
@ConfigMapping(prefix = "gpucloud.tax-documents")
interface TaxConfig {
  /** Folder in which transmitted documents are left as XML; without one nothing is transmitted. */
  Optional<Path> folder();

  /** From how many days before a deadline it is warned of. */
  @WithDefault("3")
  int warnDays();
}
