package dev.gpucloud.tenant.notifications.engine;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The texts of one language. A text begins with {@code == kind}; its first line is the subject,
 * what follows the body. {@code {name}} stands for a value, {@code {name|time}} for a time in
 * Seoul. A line that names a value which is not given is left out, so that a text needs no
 * conditions.
 *
 * <p>Values are data: what they contain is neither markup nor a place for a value, and their
 * control characters become spaces, so that none of them can begin a header or a line. Only {@code
 * {link}} becomes a link, for it alone is ours.
 */
public final class Wording {
  private static final Pattern PLACE = Pattern.compile("\\{([a-zA-Z]+)(\\|time)?}");
  private static final Pattern PAGE_PLACE = Pattern.compile("\\{\\{(lang|title|body)}}");
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]+");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.of("Asia/Seoul"));

  private final Language language;
  private final Map<String, List<String>> texts;
  private final String page;

  private Wording(Language language, Map<String, List<String>> texts, String page) {
    this.language = language;
    this.texts = texts;
    this.page = page;
  }

  /** What a person reads. */
  public record Message(String subject, String text, String html) {}

  /**
   * Reads the texts.
   *
   * @param page HTML with {@code {{lang}}}, {@code {{title}}} and {@code {{body}}}
   * @throws IllegalArgumentException when a kind has no text, or names a value that it has not
   */
  public static Wording read(Language language, String source, String page) {
    var texts = new LinkedHashMap<String, List<String>>();
    List<String> current = new ArrayList<>();
    for (String line : source.lines().toList()) {
      if (line.startsWith("== ")) {
        current = new ArrayList<>();
        texts.put(line.substring(3).strip(), current);
      } else if (!line.startsWith("#")) {
        current.add(line);
      }
    }
    var wording = new Wording(language, texts, page);
    for (NotificationKind kind : NotificationKind.values()) {
      wording.check(kind);
    }
    return wording;
  }

  private void check(NotificationKind kind) {
    List<String> lines = texts.get(kind.word());
    if (lines == null || lines.isEmpty() || lines.getFirst().isBlank()) {
      throw new IllegalArgumentException(language + " has no text for " + kind.word());
    }
    var known = new LinkedHashSet<>(kind.names());
    known.addAll(List.of("link", "command"));
    Set<String> unknown = names(String.join("\n", lines));
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(language + ", " + kind.word() + ": no value " + unknown);
    }
  }

  static Set<String> names(String text) {
    Set<String> found = new LinkedHashSet<>();
    PLACE.matcher(text).results().forEach(place -> found.add(place.group(1)));
    return found;
  }

  /** The message of a kind with these values. */
  public Message message(NotificationKind kind, Map<String, String> values) {
    List<String> lines = texts.getOrDefault(kind.word(), List.of(kind.word()));
    List<String> plain = filled(lines, values, Escape.NONE);
    List<String> markup = filled(lines, values, Escape.HTML);
    return new Message(plain.getFirst(), String.join("\n", rest(plain)) + "\n", page(markup));
  }

  private String page(List<String> markup) {
    var html = new StringBuilder();
    for (String paragraph : String.join("\n", rest(markup)).split("\n\n")) {
      html.append("<p>").append(paragraph.replace("\n", "<br>\n")).append("</p>\n");
    }
    return PAGE_PLACE
        .matcher(page)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    switch (place.group(1)) {
                      case "lang" -> language.tag();
                      case "title" -> markup.getFirst();
                      default -> html.toString().stripTrailing();
                    }));
  }

  private static List<String> rest(List<String> lines) {
    return lines.subList(1, lines.size());
  }

  /** The lines whose values are all given, with no two blank ones together and none at the end. */
  private static List<String> filled(
      List<String> lines, Map<String, String> values, Escape escape) {
    List<String> body = new ArrayList<>();
    for (String line : lines) {
      boolean secondBlank = line.isBlank() && (body.size() < 2 || body.getLast().isBlank());
      if (!secondBlank && values.keySet().containsAll(names(line))) {
        body.add(filled(line, values, escape));
      }
    }
    while (body.size() > 1 && body.getLast().isBlank()) {
      body.removeLast();
    }
    return body;
  }

  private static String filled(String line, Map<String, String> values, Escape escape) {
    var text = new StringBuilder();
    Matcher place = PLACE.matcher(line);
    int end = 0;
    while (place.find()) {
      text.append(escape.apply(line.substring(end, place.start())));
      String value = escape.apply(value(place, values));
      boolean isLink = escape == Escape.HTML && place.group(1).equals("link");
      text.append(isLink ? "<a href=\"" + value + "\">" + value + "</a>" : value);
      end = place.end();
    }
    return text.append(escape.apply(line.substring(end))).toString();
  }

  private static String value(Matcher place, Map<String, String> values) {
    String value = values.getOrDefault(place.group(1), "");
    return place.group(2) == null
        ? UNPRINTABLE.matcher(value).replaceAll(" ").strip()
        : TIME.format(Instant.parse(value)) + " KST";
  }

  private enum Escape {
    NONE,
    HTML;

    String apply(String text) {
      return this == NONE
          ? text
          : text.replace("&", "&amp;")
              .replace("<", "&lt;")
              .replace(">", "&gt;")
              .replace("\"", "&quot;")
              .replace("'", "&#39;");
    }
  }
}
