package dev.gpucloud.kit.http;

import dev.gpucloud.contracts.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/** Entity tags made of a row's version. */
public final class ETags {
  private ETags() {}

  /** The tag of a version, quotes included. */
  public static String of(long version) {
    return "\"" + version + "\"";
  }

  /** Demands that the caller saw this version: 428 without If-Match, 412 with another one. */
  public static void require(@Nullable String ifMatch, long version) {
    if (ifMatch == null || ifMatch.isBlank()) {
      throw ProblemType.PRECONDITION_REQUIRED.because(
          "An edit names the version it is based on in the If-Match header.");
    }
    check(ifMatch, version);
  }

  /** As {@link #require}, for actions where If-Match may be left out. */
  public static void check(@Nullable String ifMatch, long version) {
    if (ifMatch == null || ifMatch.equals("*")) {
      return;
    }
    for (String tag : ifMatch.split(",")) {
      if (tag.strip().equals(of(version))) {
        return;
      }
    }
    throw ProblemType.VERSION_MISMATCH
        .because("The version is " + of(version) + ", If-Match names " + ifMatch + ".")
        .with("currentETag", of(version));
  }
}
