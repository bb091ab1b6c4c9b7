package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.statement.engine.Term;
import java.time.Instant;

/** A term of two dates or times; without a beginning it always was, without an end it goes on. */
final class TermFields {
  private TermFields() {}

  static Term of(Fields f) {
    return of(f, "from", "until");
  }

  static Term of(Fields f, String begin, String end) {
    Instant from = f.has(begin) ? f.start(begin) : Instant.EPOCH;
    Instant until = f.limit(end);
    if (until != null && !from.isBefore(until)) {
      f.wrong(end, "must lie after " + begin);
      return new Term(from, null);
    }
    return new Term(from, until);
  }
}
