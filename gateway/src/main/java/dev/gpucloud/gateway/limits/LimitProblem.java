package dev.gpucloud.gateway.limits;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;

/** The answer to who sends too much: which limit, and when to come back. */
final class LimitProblem {
  private LimitProblem() {}

  static ProblemException tooMany(String limit, long retryAfterSeconds) {
    return of(limit, retryAfterSeconds, "The limit %s is used up; come back in %d s.");
  }

  static ProblemException tooManyAtOnce(String limit) {
    return of(limit, 1, "The limit %s of requests under way is reached; come back in %d s.");
  }

  private static ProblemException of(String limit, long retryAfterSeconds, String sentence) {
    return ProblemType.TOO_MANY_REQUESTS
        .because(sentence.formatted(limit, retryAfterSeconds))
        .with("limit", limit)
        .with("retryAfterSeconds", retryAfterSeconds);
  }
}
