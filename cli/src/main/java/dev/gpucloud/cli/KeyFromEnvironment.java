package dev.gpucloud.cli;

/** An API key of the environment, sent as it is: nothing to log in for and nothing to renew. */
record KeyFromEnvironment(String key) implements TokenSource {
  static final String VARIABLE = "GPUCLOUD_API_KEY";

  @Override
  public String accessToken() {
    return key;
  }

  @Override
  public String renewedToken() {
    return key;
  }

  /** Nobody wants the key in a log. */
  @Override
  public String toString() {
    return VARIABLE;
  }
}
