package dev.gpucloud.billing.document.tax;

import java.util.List;

/** What asking for tax documents yields: all of them, or everything that stands against them. */
public sealed interface Outcome {
  /** The documents, in the order in which they are transmitted. */
  record Ready(List<TaxInvoice> documents) implements Outcome {
    public Ready {
      documents = List.copyOf(documents);
    }
  }

  /** Nothing was made. */
  record Refused(List<Violation> violations) implements Outcome {
    public Refused {
      violations = List.copyOf(violations);
    }
  }

  /** Refused if there is a violation, ready otherwise. */
  static Outcome of(List<TaxInvoice> documents, List<Violation> violations) {
    return violations.isEmpty() ? new Ready(documents) : new Refused(violations);
  }
}
