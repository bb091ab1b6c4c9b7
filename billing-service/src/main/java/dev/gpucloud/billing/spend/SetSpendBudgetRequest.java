package dev.gpucloud.billing.spend;

import dev.gpucloud.billing.spend.engine.BudgetTerms;
import dev.gpucloud.billing.spend.engine.Threshold;
import dev.gpucloud.contracts.money.Money;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a budget is to be; what is left out is as for a new one. */
@Schema(
    name = "SetSpendBudget",
    examples =
        """
        {
          "name": "Research",
          "amount": {"amount": "60000000", "currency": "KRW"},
          "thresholds": [{"basis": "ACTUAL", "percent": 80}, {"basis": "FORECAST", "percent": 100}],
          "stopAtPercent": 120
        }""")
record SetSpendBudgetRequest(
    @Schema(required = true, maxLength = 100, examples = "Research") @Nullable String name,
    @Schema(required = true, description = "Whole won for each Seoul calendar month, above 0.")
        @Nullable Money amount,
    @Schema(description = ThresholdView.DEFAULT) @Nullable List<@Nullable ThresholdView> thresholds,
    @Schema(description = ThresholdView.STOP, minimum = "1", maximum = "1000", examples = "100")
        @Nullable Integer stopAtPercent) {
  private static final int LONGEST_NAME = 100;
  private static final int MOST_THRESHOLDS = 20;
  private static final TreeSet<Threshold> USUAL =
      new TreeSet<>(
          List.of(
              new Threshold(Threshold.Basis.ACTUAL, 50),
              new Threshold(Threshold.Basis.ACTUAL, 80),
              new Threshold(Threshold.Basis.ACTUAL, 100),
              new Threshold(Threshold.Basis.FORECAST, 100)));

  /** A threshold as the API writes it. */
  @Schema(name = "SpendThreshold")
  record ThresholdView(
      @Schema(
              required = true,
              enumeration = {"ACTUAL", "FORECAST"},
              description = "What is spent so far, or what the month will come to.")
          @Nullable String basis,
      @Schema(required = true, minimum = "1", maximum = "1000", examples = "80")
          @Nullable Integer percent) {
    static final String DEFAULT =
        "When people are told, each once a month; ACTUAL 50, 80, 100 and FORECAST 100 by default.";
    static final String STOP =
        "Once so many per cent of the amount are spent, nothing new may start before the month"
            + " ends; what runs goes on. Left out or null: never.";

    static ThresholdView of(Threshold t) {
      return new ThresholdView(t.basis().name(), t.percent());
    }
  }

  /** A name and terms that are right. */
  record Asked(String name, BudgetTerms terms) {}

  /** Fails with VALIDATION_FAILED naming every field that is wrong. */
  Asked asked() {
    List<FieldError> errors = new ArrayList<>();
    checkName(errors);
    long won = won(errors);
    TreeSet<Threshold> wanted = thresholds(errors);
    checkStop(errors);
    refuse(errors);
    return new Asked(
        Objects.requireNonNull(name).strip(), new BudgetTerms(won, wanted, stopAtPercent));
  }

  private void checkName(List<FieldError> errors) {
    boolean fits =
        name != null
            && !name.isBlank()
            && name.length() <= LONGEST_NAME
            && name.chars().noneMatch(Character::isISOControl);
    if (!fits) {
      errors.add(new FieldError("/name", "expected 1 to 100 printable characters"));
    }
  }

  private long won(List<FieldError> errors) {
    if (amount == null || !Objects.equals(amount.currency(), Money.KRW)) {
      errors.add(
          new FieldError("/amount", "expected {\"amount\": \"...\", \"currency\": \"KRW\"}"));
      return 0;
    }
    String text = Objects.requireNonNullElse(amount.amount(), "");
    if (!text.matches("[1-9][0-9]{0,14}")) {
      errors.add(new FieldError("/amount/amount", "expected whole won from 1 to 999999999999999"));
      return 0;
    }
    return Long.parseLong(text);
  }

  private TreeSet<Threshold> thresholds(List<FieldError> errors) {
    if (thresholds == null) {
      return USUAL;
    }
    var wanted = new TreeSet<Threshold>();
    if (thresholds.size() > MOST_THRESHOLDS) {
      errors.add(
          new FieldError("/thresholds", "expected at most " + MOST_THRESHOLDS + " thresholds"));
      return wanted;
    }
    for (int n = 0; n < thresholds.size(); n++) {
      addThreshold("/thresholds/" + n, thresholds.get(n), wanted, errors);
    }
    return wanted;
  }

  private static void addThreshold(
      String at,
      @Nullable ThresholdView asked,
      TreeSet<Threshold> wanted,
      List<FieldError> errors) {
    String basis = asked == null ? null : asked.basis();
    Integer percent = asked == null ? null : asked.percent();
    boolean known =
        Arrays.stream(Threshold.Basis.values()).anyMatch(one -> one.name().equals(basis));
    if (!known) {
      errors.add(new FieldError(at + "/basis", "must be ACTUAL or FORECAST"));
    }
    if (!isPercent(percent)) {
      errors.add(new FieldError(at + "/percent", "expected 1 to 1000 per cent"));
    }
    if (known
        && isPercent(percent)
        && !wanted.add(
            new Threshold(
                Threshold.Basis.valueOf(Objects.requireNonNull(basis)),
                Objects.requireNonNull(percent)))) {
      errors.add(new FieldError(at, "is there already"));
    }
  }

  private void checkStop(List<FieldError> errors) {
    if (stopAtPercent == null) {
      return;
    }
    if (amount == null) {
      errors.add(new FieldError("/stopAtPercent", "needs an amount to be a part of"));
    }
    if (!isPercent(stopAtPercent)) {
      errors.add(new FieldError("/stopAtPercent", "expected 1 to 1000 per cent, or null"));
    }
  }

  private static boolean isPercent(@Nullable Integer percent) {
    return percent != null && percent >= 1 && percent <= Threshold.MOST_PERCENT;
  }

  private static void refuse(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw new ProblemException(
          ProblemType.VALIDATION_FAILED,
          errors.size() == 1
              ? "1 value is refused; nothing was changed."
              : errors.size() + " values are refused; nothing was changed.",
          Map.of(),
          errors);
    }
  }
}
