package dev.gpucloud.cli;

import dev.gpucloud.client.api.MeApi;
import java.net.URI;
import java.time.Duration;

/** One read without patience. */
record ApiClientProbe(String server) {

  int exitCodeOfOneRead() {
    TokenSource token =
        new TokenSource() {
          @Override
          public String accessToken() {
            return "t";
          }

          @Override
          public String renewedToken() {
            return "t";
          }
        };
    RetryPolicy once = new RetryPolicy(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(1));
    try {
      new ApiClient(ApiClient.newHttpClient(), URI.create(server), token, once)
          .get(MeApi.meResourceMe());
      return 0;
    } catch (CliException e) {
      return e.exitCode().code();
    }
  }
}
