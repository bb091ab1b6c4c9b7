package dev.gpucloud.tenant.engine;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The last day, in Seoul, of what a tenant is given: none that has passed when it is given. */
public final class LastDay {
  private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");

  private LastDay() {}

  /** The day in Seoul. */
  public static LocalDate today(Instant now) {
    return LocalDate.ofInstant(now, SEOUL);
  }

  /** Why a day is none that something given today can last to; none given is not looked at. */
  public static Optional<String> refusal(@Nullable LocalDate day, LocalDate today) {
    return day != null && day.isBefore(today)
        ? Optional.of("expected a day from " + today)
        : Optional.empty();
  }
}
