package dev.gpucloud.systemtests.examples;

/** An operation that a fresh product refuses: exactly how, and why that cannot be otherwise. */
public record Refusal(int status, String code, String why) {
  boolean isSeenIn(Answer answer) {
    return answer.status() == status && answer.json().path("code").asText().equals(code);
  }
}
