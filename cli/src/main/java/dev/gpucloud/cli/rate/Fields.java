package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An object of a document, read field by field. A wrong or missing field is noted with its pointer
 * and a harmless value answered, so that all violations are found; fields nobody asked for are
 * noted by {@link #end}.
 */
final class Fields {
  private static final int LONGEST_NUMBER = 400;
  private static final Pattern LARGE_EXPONENT = Pattern.compile("[eE][+-]?\\d{3}");

  private final JsonNode node;
  private final String pointer;
  private final Violations violations;
  private final Set<String> asked = new HashSet<>();

  Fields(JsonNode node, String pointer, Violations violations) {
    this.node = node;
    this.pointer = pointer;
    this.violations = violations;
    if (!node.isObject()) {
      violations.add(pointer.isEmpty() ? "/" : pointer.strip(), "must be an object");
    }
  }

  String pointer() {
    return pointer;
  }

  void wrong(String field, String what) {
    violations.add(pointer + "/" + field, what);
  }

  /** Notes what is wrong with the object as a whole. */
  void wrong(String what) {
    violations.add(pointer, what);
  }

  /** Ends the reading if anything of the document was wrong. */
  void orThrow() {
    violations.orThrow();
  }

  /** Notes what the object has beside what was asked for. */
  void end() {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = field.getKey();
      if (!asked.contains(name)) {
        wrong(
            name,
            "is no field here; there are " + String.join(", ", asked.stream().sorted().toList()));
      }
    }
  }

  private @Nullable JsonNode find(String field) {
    asked.add(field);
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? null : value;
  }

  boolean has(String field) {
    return find(field) != null;
  }

  /** A text, or a number as one. */
  @Nullable String textOrNull(String field) {
    JsonNode value = find(field);
    if (value == null) {
      return null;
    }
    if (!value.isValueNode() || value.asText().isBlank()) {
      wrong(field, "must be a text");
      return null;
    }
    return value.asText().strip();
  }

  String text(String field) {
    return given(field, textOrNull(field));
  }

  private String given(String field, @Nullable String value) {
    missing(field);
    return value == null ? "" : value;
  }

  /** A SKU: item, purchase class and region, joined by points. */
  String sku(String field) {
    String value = text(field);
    if (!value.isEmpty() && value.split("\\.", -1).length < 3) {
      wrong(field, "must be item.class.region, such as h100-sxm-80g.on-demand.kr-seoul");
    }
    return value;
  }

  private void missing(String field) {
    if (node.isObject() && !has(field)) {
      wrong(field, "must be given");
    }
  }

  boolean flag(String field) {
    JsonNode value = find(field);
    if (value != null && !value.isBoolean()) {
      wrong(field, "must be true or false");
    }
    return value != null && value.asBoolean();
  }

  int integer(String field, int otherwise) {
    JsonNode value = find(field);
    if (value == null) {
      return otherwise;
    }
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      wrong(field, "must be a whole number");
      return otherwise;
    }
    return value.asInt();
  }

  @Nullable Rational numberOrNull(String field) {
    String text = textOrNull(field);
    if (text == null) {
      return null;
    }
    if (text.length() > LONGEST_NUMBER || LARGE_EXPONENT.matcher(text).find()) {
      wrong(field, "must be a number of at most " + LONGEST_NUMBER + " digits");
      return null;
    }
    try {
      return Rational.parse(text);
    } catch (NumberFormatException | ArithmeticException e) {
      wrong(field, "must be a number such as 4500, 1.25 or 1/3");
      return null;
    }
  }

  /** A number that is not negative. */
  Rational amount(String field) {
    Rational value = numberOrNull(field);
    if (value == null) {
      missing(field);
      return Rational.ZERO;
    }
    if (value.signum() < 0) {
      wrong(field, "must not be negative");
    }
    return value;
  }

  @Nullable Rational amountOrNull(String field) {
    return has(field) ? amount(field) : null;
  }

  Rational positive(String field) {
    Rational value = numberOrNull(field);
    if (value == null) {
      missing(field);
      return Rational.ONE;
    }
    if (value.signum() <= 0) {
      wrong(field, value.isZero() ? "must be more than 0" : "must not be negative");
    }
    return value;
  }

  Rational percent(String field, Rational otherwise) {
    return has(field) ? percent(field) : otherwise;
  }

  /** A percentage from 0 to 100. */
  Rational percent(String field) {
    Rational value = amount(field);
    if (value.compareTo(Rational.of(100)) > 0) {
      wrong(field, "must be at most 100");
    }
    return value;
  }

  Won won(String field) {
    Rational value = amount(field);
    if (value.den().bitLength() > 1 || value.num().bitLength() > 62) {
      wrong(field, "must be whole won below 4 * 10^18");
      return Won.ZERO;
    }
    return new Won(value.num().longValueExact());
  }

  /** A date means the start of that day in Seoul. */
  Instant start(String field) {
    Instant at = instant(field, 0);
    if (at == null) {
      missing(field);
      return Instant.EPOCH;
    }
    return at;
  }

  @Nullable Instant startOrNull(String field) {
    return instant(field, 0);
  }

  /** A date as a limit means the end of that day in Seoul. */
  @Nullable Instant limit(String field) {
    return instant(field, 1);
  }

  LocalDate date(String field) {
    String text = text(field);
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      if (!text.isEmpty()) {
        wrong(field, "must be a date such as 2026-09-30");
      }
      return LocalDate.EPOCH;
    }
  }

  private @Nullable Instant instant(String field, int daysAfterDate) {
    String text = textOrNull(field);
    if (text == null) {
      return null;
    }
    try {
      if (text.length() == 10) {
        return LocalDate.parse(text)
            .plusDays(daysAfterDate)
            .atStartOfDay(BillingMonth.ZONE)
            .toInstant();
      }
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      wrong(
          field,
          "must be a date (2026-09-30) or a time with its offset (2026-09-30T09:00:00+09:00)");
      return null;
    }
  }

  BillingMonth month(String field) {
    String text = text(field);
    try {
      return BillingMonth.parse(text);
    } catch (IllegalArgumentException e) {
      if (!text.isEmpty()) {
        wrong(field, "must be a month such as 2026-09");
      }
      return BillingMonth.of(Instant.EPOCH);
    }
  }

  /** One that must be said; {@code harmless} is answered where it is not. */
  <E extends Enum<E>> E oneOfGiven(String field, E harmless) {
    missing(field);
    return oneOf(field, harmless);
  }

  <E extends Enum<E>> E oneOf(String field, E otherwise) {
    String text = textOrNull(field);
    Class<E> type = otherwise.getDeclaringClass();
    if (text == null) {
      return otherwise;
    }
    for (E value : type.getEnumConstants()) {
      if (value.name().equals(text.toUpperCase(Locale.ROOT))) {
        return value;
      }
    }
    wrong(
        field,
        "must be one of "
            + String.join(", ", Arrays.stream(type.getEnumConstants()).map(Enum::name).toList()));
    return otherwise;
  }

  /** The objects of a list; none when it is not there. */
  List<Fields> list(String field) {
    JsonNode value = find(field);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      wrong(field, "must be a list");
      return List.of();
    }
    var items = new ArrayList<Fields>();
    for (int i = 0; i < value.size(); i++) {
      items.add(new Fields(value.get(i), pointer + "/" + field + "/" + i, violations));
    }
    return items;
  }

  /** What the entries of a list say, for a look at the whole; nothing of them is noted. */
  List<Said> said(String list) {
    var said = new ArrayList<Said>();
    for (int i = 0; i < node.path(list).size(); i++) {
      said.add(new Said(this, list + "/" + i, node.path(list).path(i)));
    }
    return said;
  }

  /** A list that must be there; it may be empty. */
  List<String> texts(String field) {
    JsonNode value = find(field);
    if (value == null) {
      missing(field);
      return List.of();
    }
    var items = new ArrayList<String>();
    value.forEach(item -> items.add(item.isTextual() ? item.asText() : ""));
    if (!value.isArray() || items.stream().anyMatch(String::isBlank)) {
      wrong(field, "must be a list of texts");
    }
    return items;
  }

  @Nullable Fields object(String field) {
    JsonNode value = find(field);
    return value == null ? null : new Fields(value, pointer + "/" + field, violations);
  }
}
