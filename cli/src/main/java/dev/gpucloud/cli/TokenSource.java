package dev.gpucloud.cli;

import org.jspecify.annotations.Nullable;

/** Where a client gets its access token from. */
public interface TokenSource {
  /** A token to send now; may be one that is in use already. */
  String accessToken();

  /** A new token, because the API has refused the last one. */
  String renewedToken();

  /** What can be done when the API takes none of its tokens; null: what it says itself. */
  default @Nullable String wayOut() {
    return null;
  }
}
