package dev.gpucloud.systemtests;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A person's browser in front of pages with forms: keeps cookies and follows redirects. */
final class Browser {
  private static final int MOST_REDIRECTS = 10;
  private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]*)\"");
  private static final Pattern OVER = Pattern.compile("(?i)max-age=0");
  private static final Pattern HIDDEN =
      Pattern.compile("<input[^>]*type=\"hidden\"[^>]*name=\"([^\"]*)\"[^>]*value=\"([^\"]*)\"");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private final String languages;
  private URI address = URI.create("http://127.0.0.1/");
  private String page = "";
  private int status;

  Browser(String languages) {
    this.languages = languages;
  }

  /** Where it is. */
  URI address() {
    return address;
  }

  /** The page that is shown. */
  String page() {
    return page;
  }

  /** How the page was answered. */
  int status() {
    return status;
  }

  /** Its cookies by name. */
  Map<String, String> cookies() {
    return cookies;
  }

  boolean hasForm() {
    return FORM.matcher(page).find();
  }

  void open(String link) throws IOException, InterruptedException {
    go(request(link).GET());
  }

  /** Follows the first link whose address has the word. */
  void follow(String word) throws IOException, InterruptedException {
    Matcher link = Pattern.compile("href=\"([^\"]*" + word + "[^\"]*)\"").matcher(page);
    if (!link.find()) {
      throw new AssertionError("no link to " + word + " on " + page);
    }
    open(plain(link.group(1)));
  }

  /** Sends the form of the page with its hidden fields and these. */
  void send(Map<String, String> fields) throws IOException, InterruptedException {
    Matcher form = FORM.matcher(page);
    if (!form.find()) {
      throw new AssertionError("no form on " + page);
    }
    Map<String, String> all = new LinkedHashMap<>();
    Matcher hidden = HIDDEN.matcher(page);
    while (hidden.find()) {
      all.put(hidden.group(1), plain(hidden.group(2)));
    }
    all.putAll(fields);
    String body =
        all.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    go(
        request(plain(form.group(1)))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }

  /** Sends what a script of the page that is shown would send; the page stays. */
  HttpResponse<String> fetch(String method, String link, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(link).method(method, BodyPublishers.ofString(body));
    HttpResponse<String> answer =
        client.send(
            (headers.length == 0 ? request : request.headers(headers)).build(),
            BodyHandlers.ofString());
    answer.headers().allValues("Set-Cookie").forEach(this::keep);
    return answer;
  }

  private void go(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpRequest.Builder next = request;
    for (int redirects = 0; redirects < MOST_REDIRECTS; redirects++) {
      HttpResponse<String> answer = client.send(next.build(), BodyHandlers.ofString());
      answer.headers().allValues("Set-Cookie").forEach(this::keep);
      address = answer.uri();
      page = answer.body();
      status = answer.statusCode();
      if (answer.statusCode() / 100 != 3) {
        return;
      }
      next = request(answer.headers().firstValue("Location").orElseThrow()).GET();
    }
    throw new AssertionError("too many redirects, at last to " + address);
  }

  /** On the loopback address a browser sends cookies for secure connections too. */
  private void keep(String cookie) {
    String pair = cookie.split(";", 2)[0];
    String name = pair.substring(0, pair.indexOf('='));
    if (OVER.matcher(cookie).find()) {
      cookies.remove(name);
    } else {
      cookies.put(name, pair.substring(name.length() + 1));
    }
  }

  private HttpRequest.Builder request(String link) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve(link)).header("Accept-Language", languages);
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    return request;
  }

  private static String plain(String markup) {
    return markup.replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", "\"");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
