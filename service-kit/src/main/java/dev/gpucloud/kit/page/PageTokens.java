package dev.gpucloud.kit.page;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes a keyset position as an opaque token and reads it back. A token names the list that it is
 * of, so that another list refuses it instead of beginning somewhere.
 */
public final class PageTokens {
  private static final String LIST = "~";

  private PageTokens() {}

  /**
   * @param list what tells the list from others, such as its path
   */
  public static String encode(Map<String, String> position, String list) {
    var all = new TreeMap<>(position);
    all.put(LIST, mark(list));
    String text =
        all.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Fails with INVALID_PAGE_TOKEN when the token is not one that the list gave out. */
  public static Map<String, String> decode(String token, String list) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.contains("%00") || text.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("a position has no NUL");
      }
      var position = new LinkedHashMap<String, String>();
      for (String pair : text.split("&")) {
        int equals = pair.indexOf('=');
        position.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
      if (!mark(list).equals(position.remove(LIST))) {
        throw new IllegalArgumentException("of another list");
      }
      return position;
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
      throw foreign();
    }
  }

  /** The refusal of a token that is not one of the list's own. */
  static ProblemException foreign() {
    return ProblemType.INVALID_PAGE_TOKEN
        .because("The page token is not one this list gave out.")
        .at("pageToken", "pass nextPageToken of the page before, unchanged");
  }

  private static String mark(String list) {
    return Integer.toHexString(list.hashCode());
  }
}
