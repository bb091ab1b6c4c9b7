package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a command takes as an option for a field of the API.
 *
 * @param option its name without dashes
 * @param field where it goes
 * @param sample a value for examples
 */
record Input(
    String option,
    String field,
    Kind kind,
    boolean required,
    String label,
    String sample,
    String description) {
  private static final Pattern SPAN = Pattern.compile("([0-9]{1,5})([mhd])");
  private static final Pattern RULE =
      Pattern.compile("([a-z]+):([0-9]{1,5})(?:-([0-9]{1,5}))?:([0-9a-f.:]+/[0-9]{1,3})");

  /** How what is typed becomes a value. */
  enum Kind {
    /** As it is. */
    TEXT,
    /** A word of a fixed list, which the API has in capitals. */
    CODE,
    /** An integer. */
    WHOLE,
    /** A decimal number. */
    DECIMAL,
    /** Given or not. */
    FLAG,
    /** A time, or a span from now on. */
    TIME,
    /** A date. */
    DAY,
    /** Hours or days. */
    SPAN,
    /** NAME=VALUE, each one more field of an object. */
    LABELS,
    /** HOST=REASON, each one more object of a list. */
    WAIVERS,
    /** PROTOCOL:PORTS:CIDR, each one more object of a list. */
    RULES,
    /** Words of a fixed list. */
    CODES,
    /** Integers. */
    WHOLES
  }

  static Input text(String option, String label, String sample, String description) {
    return of(Kind.TEXT, option, label, sample, description);
  }

  static Input of(Kind kind, String option, String label, String sample, String description) {
    return new Input(option, camel(option), kind, false, label, sample, description);
  }

  /** It must be given. */
  Input must() {
    return new Input(option, field, kind, true, label, sample, description);
  }

  /** It goes into a field with another name. */
  Input into(String other) {
    return new Input(option, other, kind, required, label, sample, description);
  }

  boolean repeats() {
    return switch (kind) {
      case LABELS, WAIVERS, RULES, CODES, WHOLES -> true;
      default -> false;
    };
  }

  /** The value of what was typed. */
  JsonNode value(List<String> typed, InstantSource clock) {
    try {
      return node(typed, clock);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new CliException(
          ExitCode.USAGE,
          "--" + option + " cannot be '" + String.join(" ", typed) + "'.",
          "example: --" + option + " " + quoted());
    }
  }

  /** The option with its sample, as one types it. */
  String example() {
    return kind == Kind.FLAG ? "--" + option : "--" + option + " " + quoted();
  }

  private String quoted() {
    return sample.contains(" ") ? "\"" + sample + "\"" : sample;
  }

  private JsonNode node(List<String> typed, InstantSource clock) {
    var nodes = Json.MAPPER.getNodeFactory();
    String first = typed.getFirst();
    return switch (kind) {
      case TEXT -> nodes.textNode(first);
      case CODE -> nodes.textNode(code(first));
      case WHOLE -> nodes.numberNode(Long.parseLong(first));
      case DECIMAL -> nodes.numberNode(new BigDecimal(first));
      case FLAG -> nodes.booleanNode(Boolean.parseBoolean(first));
      case TIME -> nodes.textNode(time(first, clock).toString());
      case DAY -> nodes.textNode(LocalDate.parse(first).toString());
      case SPAN -> nodes.textNode(span(first).toString());
      case LABELS -> labels(typed);
      case WAIVERS -> waivers(typed);
      case RULES -> rules(typed);
      case CODES -> {
        ArrayNode all = Json.MAPPER.createArrayNode();
        typed.forEach(one -> all.add(code(one)));
        yield all;
      }
      case WHOLES -> {
        ArrayNode all = Json.MAPPER.createArrayNode();
        typed.forEach(one -> all.add(Integer.parseInt(one)));
        yield all;
      }
    };
  }

  private static Instant time(String typed, InstantSource clock) {
    return SPAN.matcher(typed).matches()
        ? clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(span(typed))
        : OffsetDateTime.parse(typed).toInstant();
  }

  private static Duration span(String typed) {
    Matcher span = SPAN.matcher(typed);
    if (!span.matches()) {
      throw new IllegalArgumentException(typed);
    }
    long count = Long.parseLong(span.group(1));
    return switch (span.group(2)) {
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static ObjectNode labels(List<String> typed) {
    ObjectNode all = Json.object();
    typed.stream()
        .filter(one -> !one.equals("none"))
        .map(Input::pair)
        .forEach(pair -> all.put(pair[0], pair[1]));
    return all;
  }

  private static ArrayNode waivers(List<String> typed) {
    ArrayNode all = Json.MAPPER.createArrayNode();
    typed.stream()
        .map(Input::pair)
        .forEach(pair -> all.addObject().put("host", pair[0]).put("reason", pair[1]));
    return all;
  }

  private static ArrayNode rules(List<String> typed) {
    ArrayNode all = Json.MAPPER.createArrayNode();
    for (String one : typed) {
      Matcher rule = RULE.matcher(one);
      if (rule.matches()) {
        ObjectNode node = all.addObject().put("protocol", rule.group(1));
        node.put("fromPort", Integer.parseInt(rule.group(2)));
        if (rule.group(3) != null) {
          node.put("toPort", Integer.parseInt(rule.group(3)));
        }
        node.put("cidr", rule.group(4));
      } else if (!one.equals("none")) {
        throw new IllegalArgumentException(one);
      }
    }
    return all;
  }

  private static String code(String typed) {
    return typed.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static String[] pair(String typed) {
    String[] pair = typed.split("=", 2);
    if (pair.length < 2 || pair[0].isEmpty()) {
      throw new IllegalArgumentException(typed);
    }
    return pair;
  }

  private static String camel(String option) {
    Matcher dash = Pattern.compile("-([a-z])").matcher(option);
    return dash.replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
  }
}
