package dev.gpucloud.agent.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads settings from the environment and collects all that is wrong with them at once. */
public final class Settings {
  private static final Pattern SITE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private final Map<String, String> environment;
  private final List<String> violations = new ArrayList<>();

  /** Settings from these variables. */
  public Settings(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The value or its default; a missing required one is a violation. */
  public String text(Setting setting) {
    return text(setting.variable(), setting);
  }

  /** The value for one site, or its default. */
  public String text(Setting setting, String site) {
    String suffix = site.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    return text(setting.variable().replace("<SITE>", suffix), setting);
  }

  /** A duration in ISO 8601 form, not negative. */
  public Duration duration(Setting setting) {
    return parsed(setting, "an ISO 8601 duration such as PT10S", Duration.ZERO, Settings::positive);
  }

  /** A whole number. */
  public long number(Setting setting) {
    return parsed(setting, "a whole number", 0L, Long::parseLong);
  }

  /** How many of something, not negative. */
  public int count(Setting setting) {
    return parsed(setting, "a whole number from 0 on", 0, Settings::validCount);
  }

  /** A TCP port; 0 picks a free one. */
  public int port(Setting setting) {
    return parsed(setting, "a port between 0 and 65535", 0, Settings::validPort);
  }

  /** A share between 0 and 1. */
  public double share(Setting setting) {
    return parsed(setting, "a number between 0 and 1", 0.0, Settings::validShare);
  }

  /** The sites to serve, each once. */
  public List<String> sites() {
    List<String> sites =
        Arrays.stream(text(Setting.SITES).split(","))
            .map(String::strip)
            .filter(site -> !site.isEmpty())
            .distinct()
            .toList();
    sites.stream()
        .filter(site -> !SITE.matcher(site).matches())
        .forEach(site -> violations.add(Setting.SITES.variable() + ": no site id: " + site));
    return sites;
  }

  /** Notes that something is wrong. */
  public void reject(String violation) {
    violations.add(violation);
  }

  /**
   * Passes when nothing was wrong.
   *
   * @throws IllegalArgumentException naming everything that was
   */
  public void requireValid() {
    if (!violations.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", violations));
    }
  }

  private String text(String variable, Setting setting) {
    String value = environment.get(variable);
    if (value != null && !value.isBlank()) {
      return value.strip();
    }
    String standard = setting.standard();
    if (standard == null) {
      violations.add(variable + " must be set: " + setting.description());
      return "";
    }
    return standard;
  }

  private <T> T parsed(Setting setting, String expected, T fallback, Function<String, T> parser) {
    String value = text(setting);
    try {
      return parser.apply(value);
    } catch (DateTimeParseException | IllegalArgumentException e) {
      violations.add(setting.variable() + ": expected " + expected + " but found " + value);
      return fallback;
    }
  }

  private static Duration positive(String value) {
    Duration duration = Duration.parse(value.startsWith("P") ? value : "PT" + value);
    if (duration.isNegative()) {
      throw new IllegalArgumentException("negative");
    }
    return duration;
  }

  private static int validCount(String value) {
    int count = Integer.parseInt(value);
    if (count < 0) {
      throw new IllegalArgumentException("out of range");
    }
    return count;
  }

  private static int validPort(String value) {
    int port = Integer.parseInt(value);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("out of range");
    }
    return port;
  }

  private static double validShare(String value) {
    double share = Double.parseDouble(value);
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("out of range");
    }
    return share;
  }
}
