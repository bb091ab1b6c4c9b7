package dev.gpucloud.tenant.engine;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** E-mail addresses that mail can be sent to: ASCII, with a domain of at least two labels. */
public final class Emails {
  private static final int MAX_LENGTH = 254;
  private static final int MAX_LOCAL_LENGTH = 64;
  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final Pattern FORM =
      Pattern.compile(
          "(?<local>%1$s(?:\\.%1$s)*)@(?:%2$s\\.)+(?=.*[A-Za-z])%2$s".formatted(ATOM, LABEL));

  private Emails() {}

  /** Why no mail could be sent to it, or empty when it has the form of an address. */
  public static Optional<String> refusal(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.of("expected at most " + MAX_LENGTH + " characters");
    }
    var form = FORM.matcher(text);
    return form.matches() && form.group("local").length() <= MAX_LOCAL_LENGTH
        ? Optional.empty()
        : Optional.of("expected an e-mail address such as billing@example.com");
  }

  /** The form under which two spellings of an address are the same. */
  public static String folded(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }
}
