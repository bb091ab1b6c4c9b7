package dev.gpucloud.tenant.engine;

import dev.gpucloud.contracts.text.Texts;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whom to reach about one matter. */
public record Contact(@Nullable String name, String email, @Nullable String phone) {
  private static final int MAX_NAME_LENGTH = 120;
  private static final Pattern PHONE = Pattern.compile("\\+?[0-9][0-9 ()-]{3,29}");

  void check(String at, Violations violations) {
    if (name != null && !Texts.isPrintable(name, MAX_NAME_LENGTH)) {
      violations.add(at + "/name", "expected 1 to " + MAX_NAME_LENGTH + " printable characters");
    }
    Emails.refusal(email).ifPresent(why -> violations.add(at + "/email", why));
    if (phone != null && !PHONE.matcher(phone).matches()) {
      violations.add(at + "/phone", "expected a telephone number such as +82 2 1234 5678");
    }
  }
}
