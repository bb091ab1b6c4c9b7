package dev.gpucloud.gateway.sessions;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;

/** Why a browser is not logged in, as the problem that tells its page to log in again. */
public enum SessionEnded {
  /** There is no session. */
  NO_SESSION("Nobody is logged in with this browser."),
  /** It was not used for too long, or lasted as long as one may. */
  SESSION_EXPIRED("The session has expired; log in again."),
  /** Logged out, ended at the identity provider, or a cookie that is none of ours. */
  SESSION_ENDED("The session has ended; log in again.");

  private final String sentence;

  SessionEnded(String sentence) {
    this.sentence = sentence;
  }

  /** The problem. */
  public ProblemException problem() {
    return ProblemType.UNAUTHENTICATED
        .because(sentence)
        .with("reason", name())
        .with("login", "/auth/login");
  }
}
