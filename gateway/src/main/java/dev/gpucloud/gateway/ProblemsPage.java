package dev.gpucloud.gateway;

import static java.util.stream.Collectors.joining;

import dev.gpucloud.contracts.problem.ProblemLanguage;
import dev.gpucloud.contracts.problem.ProblemType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;

/**
 * The page at {@code /problems}, which the {@code type} of each problem points into: all of the
 * registry in the language that is asked for.
 */
final class ProblemsPage {
  static final String PATH = "/problems";
  private static final Map<ProblemLanguage, Buffer> PAGES = pages();

  private ProblemsPage() {}

  static void send(Exchange exchange) {
    ProblemLanguage language =
        ProblemLanguage.asked(exchange.request().getHeader("Accept-Language"));
    HttpServerResponse response = exchange.response();
    HeaderRules.secure(response.headers());
    response
        .putHeader("Content-Type", "text/html;charset=utf-8")
        .putHeader("Content-Language", language.tag())
        .putHeader("Vary", "Accept-Language");
    exchange.request().resume();
    response.end(PAGES.get(language));
  }

  private static Map<ProblemLanguage, Buffer> pages() {
    Map<ProblemLanguage, Buffer> pages = new EnumMap<>(ProblemLanguage.class);
    for (ProblemLanguage language : ProblemLanguage.values()) {
      pages.put(language, Buffer.buffer(page(language)));
    }
    return pages;
  }

  static String page(ProblemLanguage language) {
    String sections =
        Arrays.stream(ProblemType.values())
            .sorted(Comparator.comparingInt(ProblemType::status).thenComparing(Enum::name))
            .map(type -> section(type, language))
            .collect(joining());
    String heading =
        switch (language) {
          case ENGLISH -> "Problems that the API answers with";
          case KOREAN -> "API가 답하는 문제";
        };
    return """
        <!doctype html>
        <html lang="%s">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        </head>
        <body>
        <h1>%s</h1>
        %s</body>
        </html>
        """
        .formatted(language.tag(), heading, heading, sections);
  }

  private static String section(ProblemType type, ProblemLanguage language) {
    return """
        <h2 id="%s">%d %s</h2>
        <p>%s</p>
        <p>%s</p>
        """
        .formatted(
            type.anchor(),
            type.status(),
            type.name(),
            escaped(type.title(language)),
            escaped(type.wayOut(language)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
