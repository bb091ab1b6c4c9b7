package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads fields of answers for display: an absent one shows as a dash, never as an error. */
final class Fields {
  static final String NONE = "-";
  private static final DateTimeFormatter SEOUL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Seoul"));

  private static final Pattern MIG = Pattern.compile("\\.mig-([0-9]+g.*)$");

  private Fields() {}

  /** A value by its path ({@code project.slug}). */
  static String text(JsonNode node, String path) {
    JsonNode at = node;
    for (String name : path.split("\\.")) {
      at = at.path(name);
    }
    return value(at);
  }

  /** The first of the paths that has a value. */
  static String first(JsonNode node, String... paths) {
    for (String path : paths) {
      String text = text(node, path);
      if (!text.equals(NONE)) {
        return text;
      }
    }
    return NONE;
  }

  /** A time as the wall clock of Seoul, where the billing months are. */
  static String seoulTime(JsonNode node, String path) {
    String text = text(node, path);
    try {
      return text.equals(NONE) ? NONE : SEOUL.format(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return text;
    }
  }

  /** Won with thousands separated: a plain number or {@code {"amount", "currency"}}. */
  static String won(JsonNode node, String path) {
    return grouped(first(node, path + ".amount", path));
  }

  /** How many GPUs something of an instance type has, or which part of one. */
  static String gpus(JsonNode node, String typePath) {
    if (node.path("gpus").asInt(1) > 0) {
      return text(node, "gpus");
    }
    Matcher slices = MIG.matcher(text(node, typePath));
    return slices.find() ? "MIG " + slices.group(1) : "MIG";
  }

  /** A decimal with thousands separated and no needless zeros; other text as it is. */
  static String grouped(String number) {
    try {
      DecimalFormat format =
          new DecimalFormat("#,##0.############", DecimalFormatSymbols.getInstance(Locale.ROOT));
      return format.format(new BigDecimal(number));
    } catch (NumberFormatException e) {
      return number;
    }
  }

  private static String value(JsonNode at) {
    if (at.isMissingNode() || at.isNull() || at.isContainerNode()) {
      return NONE;
    }
    String text = at.asText();
    return text.isEmpty() ? NONE : text;
  }
}
