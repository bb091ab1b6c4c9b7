package dev.gpucloud.inventory.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.text.Texts;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One object of an import with its JSON pointer. Reading a field notes what is wrong with it and
 * answers a harmless value, so that reading goes on and finds everything.
 */
final class Section {
  private static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private final JsonNode node;
  private final String pointer;
  private final Violations violations;

  Section(JsonNode node, String pointer, Violations violations) {
    this.node = node;
    this.pointer = pointer;
    this.violations = violations;
    if (!node.isObject()) {
      violations.add(pointer, "must be an object");
    }
  }

  String pointer() {
    return pointer;
  }

  /** Names every field that is not one of these. */
  Section only(Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                violations.add(at(name), "is not a known field");
              }
            });
    return this;
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  void wrong(String field, String rule) {
    violations.add(at(field), rule);
  }

  private String at(String field) {
    return pointer(pointer, field);
  }

  /** Where a field of a thing stands: a JSON pointer, or row and column of a table. */
  static String pointer(String of, String field) {
    return of.startsWith("row ")
        ? of + ", column " + field
        : of + "/" + field.replace("~", "~0").replace("/", "~1");
  }

  String id(String field) {
    String text = text(field);
    if (!text.isEmpty() && !ID.matcher(text).matches()) {
      wrong(field, "must be 1 to 63 lowercase letters, digits, dots or hyphens");
    }
    return text;
  }

  String text(String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      wrong(field, "is required");
      return "";
    }
    if (!value.isTextual() || !Texts.isPrintable(value.asText(), 200)) {
      wrong(field, "must be a text of 1 to 200 characters that are seen");
      return "";
    }
    return value.asText();
  }

  @Nullable String optionalText(String field) {
    return has(field) ? text(field) : null;
  }

  /** A name of ours or of a vendor, printable and without blanks. */
  String label(String field) {
    String text = text(field);
    if (!text.isEmpty() && !LABEL.matcher(text).matches()) {
      wrong(field, "must be 1 to 64 letters, digits, dots, hyphens or underscores");
    }
    return text;
  }

  @Nullable String optionalLabel(String field) {
    return has(field) ? label(field) : null;
  }

  String oneOf(String field, List<String> allowed) {
    String text = text(field);
    if (!text.isEmpty() && !allowed.contains(text)) {
      wrong(field, "must be one of " + String.join(", ", allowed));
      return allowed.getFirst();
    }
    return text.isEmpty() ? allowed.getFirst() : text;
  }

  /** A whole number in a range; its lower end when it is none. */
  int number(String field, int from, int to) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      wrong(field, "is required");
      return from;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt() || !within(value, from, to)) {
      wrong(field, "must be a whole number from %d to %d".formatted(from, to));
      return from;
    }
    return value.intValue();
  }

  private static boolean within(JsonNode value, int from, int to) {
    return value.intValue() >= from && value.intValue() <= to;
  }

  /** A positive number with at most three decimals, as kW and MW are given. */
  BigDecimal power(String field) {
    JsonNode value = node.path(field);
    if (value.isNumber()) {
      BigDecimal number = value.decimalValue();
      boolean fine = number.signum() > 0 && number.stripTrailingZeros().scale() <= 3;
      if (fine && number.compareTo(BigDecimal.valueOf(1_000_000)) <= 0) {
        return number;
      }
    }
    wrong(
        field,
        value.isMissingNode()
            ? "is required"
            : "must be a positive number up to 1000000 with at most three decimals");
    return BigDecimal.ONE;
  }

  /** A date from the year 2000 to 9999. */
  LocalDate date(String field) {
    String text = text(field);
    try {
      LocalDate date = LocalDate.parse(text);
      if (date.getYear() >= 2000 && date.getYear() <= 9999) {
        return date;
      }
    } catch (DateTimeParseException e) {
      // answered below
    }
    if (!text.isEmpty()) {
      wrong(field, "must be a date such as 2027-03-31, from the year 2000 to 9999");
    }
    return LocalDate.EPOCH;
  }

  List<String> texts(String field) {
    JsonNode value = node.path(field);
    List<String> texts = new ArrayList<>();
    if (value.isMissingNode() || value.isNull()) {
      return texts;
    }
    boolean fine = value.isArray() && value.size() <= 32;
    for (JsonNode one : value) {
      fine &= one.isTextual();
      texts.add(one.asText());
    }
    if (!fine) {
      wrong(field, "must be an array of at most 32 texts");
      return List.of();
    }
    return texts;
  }

  /** The objects of an array; none when the field is absent. */
  List<Section> sections(String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      wrong(field, "must be an array");
      return List.of();
    }
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      sections.add(new Section(value.get(i), at(field) + "/" + i, violations));
    }
    return sections;
  }

  /** A nested object, if there. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  Section section(String field) {
    return new Section(node.path(field), at(field), violations);
  }
}
