package dev.gpucloud.tenant.audit;

import dev.gpucloud.tenant.engine.Violations;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * From a time on, before another; either may be open. A date alone is a day in Seoul: as the begin
 * its first moment, as the end the day after its last.
 */
record TimeRange(@Nullable Instant from, @Nullable Instant to) {
  private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
  private static final String FORM =
      "must be a day in Seoul such as 2026-11-02, or a time such as 2026-11-02T09:00:00+09:00";

  /** Reads both; what is wrong with them is added to the violations. */
  static TimeRange of(Violations violations, @Nullable String from, @Nullable String to) {
    var range = new TimeRange(time(violations, "from", from, 0), time(violations, "to", to, 1));
    if (range.from != null && range.to != null && !range.from.isBefore(range.to)) {
      violations.add("to", "must be after from, which is " + range.from);
    }
    return range;
  }

  private static @Nullable Instant time(
      Violations violations, String name, @Nullable String text, int daysAfterDate) {
    if (text == null) {
      return null;
    }
    try {
      return text.matches("\\d{4}-\\d\\d-\\d\\d")
          ? LocalDate.parse(text).plusDays(daysAfterDate).atStartOfDay(SEOUL).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      violations.add(name, FORM);
      return null;
    }
  }
}
