package dev.gpucloud.contracts.key;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The actions that an API key allows, by the names that the audit log has for them, such as {@code
 * projects.instances.create}. The word {@code *} stands for one or more words, so {@code *.read}
 * allows whatever only reads, and {@code projects.instances.*} everything about instances. Without
 * any, a key allows every action.
 */
public record KeyActions(Set<String> patterns) {
  /** The most that a key may name. */
  public static final int MOST = 50;

  /** Every action. */
  public static final KeyActions ALL = new KeyActions(Set.of());

  private static final int LONGEST = 120;

  /** No action has one word alone: it is a thing and what is done with it. */
  private static final Pattern FORM =
      Pattern.compile("\\*|(\\*|[a-z][a-z0-9-]*)(\\.(\\*|[a-z][a-z0-9-]*))+");

  public KeyActions {
    patterns = Set.copyOf(patterns);
  }

  /** Why a text names no actions; empty when it does. */
  public static Optional<String> refusal(String pattern) {
    return pattern.length() <= LONGEST && FORM.matcher(pattern).matches()
        ? Optional.empty()
        : Optional.of(
            "expected two or more words of a-z, 0-9 and - with dots between them, * for any words, such as"
                + " projects.instances.create or *.read");
  }

  /** Whether the key allows the action. */
  public boolean allow(String action) {
    return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> matches(pattern, action));
  }

  /**
   * Refuses what the key does not allow.
   *
   * @throws ProblemException FORBIDDEN, naming the action and those that the key allows
   */
  public void require(String action) {
    if (!allow(action)) {
      throw ProblemType.FORBIDDEN
          .because("The API key does not allow the action " + action + ".")
          .with("action", action)
          .with("allowedActions", patterns.stream().sorted().toList());
    }
  }

  private static boolean matches(String pattern, String action) {
    String[] words = pattern.split("\\.");
    String[] of = action.split("\\.");
    return matches(words, 0, of, 0);
  }

  private static boolean matches(String[] words, int at, String[] of, int from) {
    if (at == words.length) {
      return from == of.length;
    }
    if (from == of.length) {
      return false;
    }
    if (!words[at].equals("*")) {
      return words[at].equals(of[from]) && matches(words, at + 1, of, from + 1);
    }
    return matches(words, at + 1, of, from + 1) || matches(words, at, of, from + 1);
  }
}
