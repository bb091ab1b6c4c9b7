package dev.gpucloud.tenant.engine;

import dev.gpucloud.contracts.text.Texts;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a project's cost centre and labels may be; both travel into usage and exports. */
public final class ProjectRules {
  /** Labels become columns of cost reports, so their number is bounded. */
  public static final int MAX_LABELS = 32;

  private static final Pattern COST_CENTER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,39}");
  private static final Pattern LABEL_KEY = Pattern.compile("[a-z][a-z0-9._-]{0,62}");
  private static final int MAX_LABEL_VALUE_LENGTH = 63;

  private ProjectRules() {}

  /** Adds what is wrong with a cost centre. */
  public static void checkCostCenter(
      @Nullable String costCenter, String at, Violations violations) {
    if (costCenter != null && !COST_CENTER.matcher(costCenter).matches()) {
      violations.add(at, "expected 1 to 40 letters, digits and . _ / -");
    }
  }

  /** Adds what is wrong with labels. */
  public static void checkLabels(Map<String, String> labels, String at, Violations violations) {
    if (labels.size() > MAX_LABELS) {
      violations.add(at, "expected at most " + MAX_LABELS + " labels");
      return;
    }
    labels.forEach(
        (key, value) -> {
          if (!LABEL_KEY.matcher(key).matches()) {
            violations.add(
                at + "/" + Pointers.escape(key),
                "expected a key of 1 to 63 lower-case letters, digits and . _ -");
          }
          if (value == null || !Texts.isLine(value, MAX_LABEL_VALUE_LENGTH)) {
            violations.add(
                at + "/" + Pointers.escape(key),
                "expected at most " + MAX_LABEL_VALUE_LENGTH + " printable characters");
          }
        });
  }
}
