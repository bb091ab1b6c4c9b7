package dev.gpucloud.billing.payment;

import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import java.util.List;

/** Refusals around payments. */
final class PaymentProblems {
  private static final int MOST_SHOWN = 100;

  private PaymentProblems() {}

  static ProblemException invalid(List<FieldError> errors) {
    ProblemException problem =
        ProblemType.VALIDATION_FAILED
            .because("%d violations; nothing was recorded.".formatted(errors.size()))
            .with("violations", errors.size());
    for (FieldError error : errors.subList(0, Math.min(MOST_SHOWN, errors.size()))) {
      problem = problem.at(error.pointer(), error.detail());
    }
    return problem;
  }

  static ProblemException noPayment() {
    return ProblemType.NOT_FOUND.because("There is no such payment.");
  }
}
