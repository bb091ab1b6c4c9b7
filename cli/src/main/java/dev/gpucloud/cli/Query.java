package dev.gpucloud.cli;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The parameters of a GET, of which only those that were given are sent. */
final class Query {
  private final StringJoiner parameters = new StringJoiner("&", "?", "").setEmptyValue("");

  Query with(String name, @Nullable Object value) {
    if (value != null) {
      parameters.add(name + "=" + ApiClient.escape(value.toString()));
    }
    return this;
  }

  /** Empty, or with the question mark in front. */
  @Override
  public String toString() {
    return parameters.toString();
  }
}
