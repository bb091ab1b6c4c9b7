package dev.gpucloud.inventory.forward;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How a replica reaches another one that owns the pools a request is for. */
@ConfigMapping(prefix = "gpucloud.forward")
public interface ForwardConfig {
  /** Host name or address under which the other replicas reach this one, at its HTTP port. */
  @WithDefault("127.0.0.1")
  String host();

  /** How long the other replica may take to answer. */
  @WithDefault("PT5S")
  Duration timeout();

  /** How long connecting to the other replica may take. */
  @WithDefault("PT1S")
  Duration connectTimeout();

  /** Most requests under way to one replica. */
  @WithDefault("64")
  int connections();

  /** Most requests waiting for a connection to one replica; more are refused at once. */
  @WithDefault("1024")
  int waiting();
}
