package dev.gpucloud.billing.document.pdf;

import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and dates as they are printed. */
final class Numbers {
  private static final DateTimeFormatter SEOUL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(BillingMonth.ZONE);

  private Numbers() {}

  /** 1,234,567 without a currency. */
  static String won(Won amount) {
    return String.format(Locale.ROOT, "%,d", amount.amount());
  }

  static String money(Won amount, Language language) {
    return language == Language.KO ? won(amount) + "원" : "KRW " + won(amount);
  }

  /** Up to 12 decimals, thousands grouped, no trailing zeros. */
  static String exact(Rational value) {
    return grouped(new BigDecimal(value.toDecimal12()).stripTrailingZeros());
  }

  /** Up to 3 decimals, for quantities that are read and not summed. */
  static String rough(Rational value) {
    return grouped(
        new BigDecimal(value.toDecimal12()).setScale(3, RoundingMode.HALF_UP).stripTrailingZeros());
  }

  static String seconds(long millis) {
    return grouped(BigDecimal.valueOf(millis, 3).stripTrailingZeros());
  }

  private static String grouped(BigDecimal value) {
    String plain = (value.scale() < 0 ? value.setScale(0) : value).toPlainString();
    int point = plain.indexOf('.');
    String whole = point < 0 ? plain : plain.substring(0, point);
    boolean negative = whole.startsWith("-");
    var out = new StringBuilder(negative ? whole.substring(1) : whole);
    for (int i = out.length() - 3; i > 0; i -= 3) {
      out.insert(i, ',');
    }
    return (negative ? "-" : "") + out + (point < 0 ? "" : plain.substring(point));
  }

  static String seoul(Instant at) {
    return SEOUL.format(at);
  }

  static String date(LocalDate date, Language language) {
    return language == Language.KO
        ? date.getYear() + "년 " + date.getMonthValue() + "월 " + date.getDayOfMonth() + "일"
        : date.format(DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH));
  }

  static String month(BillingMonth month, Language language) {
    return language == Language.KO
        ? month.month().getYear() + "년 " + month.month().getMonthValue() + "월"
        : month.month().format(DateTimeFormatter.ofPattern("MMMM yyyy", Locale.ENGLISH));
  }
}
