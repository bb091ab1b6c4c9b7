package dev.gpucloud.cli;

/** Where a client gets its access token from. */
public interface TokenSource {
  /** A token to send now; may be one that is in use already. */
  String accessToken();

  /** A new token, because the API has refused the last one. */
  String renewedToken();
}
