package dev.gpucloud.systemtests.examples;

import java.time.Instant;

/** The running product as the walk needs it, beside its public API. */
public interface World {
  /** Where the public API is. */
  String gatewayUrl();

  /** A fresh access token of a user of the scenario. */
  String token(String username);

  /** The identity provider's id of a user of the scenario. */
  String subject(String username);

  /** Business time now. */
  Instant now();

  /** Lets business time pass until then. */
  void advanceTo(Instant instant);
}
