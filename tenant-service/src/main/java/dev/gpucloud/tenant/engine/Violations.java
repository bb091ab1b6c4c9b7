package dev.gpucloud.tenant.engine;

import dev.gpucloud.contracts.problem.FieldError;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects every violation of a request, so that its sender sees all of them at once. Holds at most
 * {@link #LIMIT}; what comes after is counted only.
 */
public final class Violations {
  /** A longer list helps nobody and could make the answer larger than the request. */
  public static final int LIMIT = 200;

  private final List<FieldError> found = new ArrayList<>();
  private int count;

  /** Notes that the value at a JSON pointer breaks a rule. */
  public void add(String pointer, String detail) {
    count++;
    if (found.size() < LIMIT) {
      found.add(new FieldError(pointer, detail));
    }
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /** How many were found, listed or not. */
  public int count() {
    return count;
  }

  /** The first {@link #LIMIT} of them, in the order found. */
  public List<FieldError> list() {
    return List.copyOf(found);
  }
}
