package dev.gpucloud.cli;

/** An API key of the environment, sent as it is: nothing to log in for and nothing to renew. */
record KeyFromEnvironment(String key) implements TokenSource {
  static final String VARIABLE = "GPUCLOUD_API_KEY";

  /**
   * The key as it was set. What cannot stand in a header is refused here, without showing it.
   *
   * @throws CliException USAGE
   */
  static KeyFromEnvironment of(String value) {
    String key = value.strip();
    if (key.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
      throw new CliException(
          ExitCode.USAGE,
          VARIABLE + " has characters that no key has: spaces, or letters outside of ASCII.",
          "what to do: set it to the key that 'gpucloud api-keys create' printed, gck_...");
    }
    return new KeyFromEnvironment(key);
  }

  @Override
  public String accessToken() {
    return key;
  }

  @Override
  public String renewedToken() {
    return key;
  }

  @Override
  public String wayOut() {
    return VARIABLE
        + " has a key that is not valid here: set it to another one, or unset it to use the stored"
        + " login.";
  }

  /** Nobody wants the key in a log. */
  @Override
  public String toString() {
    return VARIABLE;
  }
}
