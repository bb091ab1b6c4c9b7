package dev.gpucloud.inventory.forward;

import dev.gpucloud.kit.idempotency.StoredAnswer;

/** What became of a request that was sent on. */
public sealed interface Forwarded {
  /** The owner's answer, to be given as it is. */
  record Answered(StoredAnswer answer) implements Forwarded {}

  /** The pools of that owner have no room; its refusal explains why. */
  record Refused(StoredAnswer answer) implements Forwarded {}

  /** Nobody is there, or it is no owner any more: nothing is decided. */
  record Gone(String why) implements Forwarded {}

  /** No answer in time: it may have been carried out. */
  record Silent(String why) implements Forwarded {}
}
