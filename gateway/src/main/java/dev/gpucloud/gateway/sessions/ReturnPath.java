package dev.gpucloud.gateway.sessions;

import dev.gpucloud.contracts.problem.ProblemType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** Where a browser goes after its login: a path here and nowhere else. */
public record ReturnPath(String text) {
  /** Where a login leads that names nothing. */
  public static final ReturnPath HOME = new ReturnPath("/");

  private static final int LONGEST = 1000;

  /** In a path: what browsers and proxies read in different ways, or as the name of a host. */
  private static final Pattern MISLEADING =
      Pattern.compile("//|/\\.\\.?(/|$)|%(2[ef]|5c|0[0-9a-f]|1[0-9a-f])", Pattern.CASE_INSENSITIVE);

  private static final Pattern PLAIN = Pattern.compile("/[\\x21-\\x7e&&[^\\\\]]*");

  /** The path, or a problem that says what one is. */
  public static ReturnPath of(String text) {
    if (text.length() > LONGEST || !PLAIN.matcher(text).matches() || !isLocal(text)) {
      throw ProblemType.INVALID_PARAMETER
          .because(
              "The parameter returnTo is no path of this address: it begins with one slash, has"
                  + " neither scheme nor host nor dot segments, is %-encoded where it is not ASCII"
                  + " and has at most "
                  + LONGEST
                  + " characters.")
          .with("parameter", "returnTo");
    }
    return new ReturnPath(text);
  }

  /** The path is cut out by hand: for {@link URI} three slashes are one. */
  private static boolean isLocal(String text) {
    String path = text.split("[?#]", 2)[0];
    try {
      return path.equals(new URI(text).getRawPath())
          && !MISLEADING.matcher(path).find()
          && !path.startsWith("/auth/");
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
