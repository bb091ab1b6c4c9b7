package dev.gpucloud.gateway.sessions;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;

/** Why a login did not come to its end. */
public enum LoginFailed {
  /** Whoever should log in did not want to. */
  CANCELLED("The login was cancelled."),
  /** Begun with another browser, too long ago, or over already: nothing here waits for it. */
  EXPIRED("This login is over or was begun elsewhere."),
  /** The identity provider did not vouch for it. */
  REFUSED("The identity provider did not confirm the login.");

  private final String sentence;

  LoginFailed(String sentence) {
    this.sentence = sentence;
  }

  /** The problem. */
  public ProblemException problem() {
    return ProblemType.LOGIN_FAILED
        .because(sentence)
        .with("reason", name())
        .with("login", "/auth/login");
  }
}
