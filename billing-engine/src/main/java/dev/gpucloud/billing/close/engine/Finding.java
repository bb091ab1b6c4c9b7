package dev.gpucloud.billing.close.engine;

import java.util.Map;

/**
 * One thing that a check found, with what a person needs to look into it.
 *
 * @param subject names exactly this finding among those of its check, so that a waiver covers it
 *     and nothing that turns up later
 */
public record Finding(Check code, String subject, String detail, Map<String, String> params) {
  public Finding {
    params = Map.copyOf(params);
  }

  /** What a waiver names. */
  public Key key() {
    return new Key(code, subject);
  }

  /** A check and what it found. */
  public record Key(Check code, String subject) {}
}
