package dev.gpucloud.gateway.events;

import io.quarkus.runtime.annotations.ConfigDocSection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The stream of events. */
@ConfigMapping(prefix = "gpucloud.gateway.events")
public interface EventsConfig {

  /** Streams that one caller may have open at a replica. */
  @ConfigDocSection
  @WithDefault("8")
  int streamsPerCaller();

  /** Streams that may be open at a replica. */
  @WithDefault("10000")
  int streams();

  /** How often a stream says that it lives, and how far it is. */
  @WithDefault("PT15S")
  Duration heartbeat();

  /** Longest life of a stream; it also ends with its token. */
  @WithDefault("PT15M")
  Duration longestLife();

  /** Bytes that may wait for a slow listener before its stream is ended. */
  @WithDefault("1048576")
  int mostWaitingBytes();

  /** Streams that read what they missed at the same time; others wait for them. */
  @WithDefault("4")
  int catchingUp();

  /** How long the broker may take to say how far the feed is. */
  @WithDefault("PT5S")
  Duration brokerTimeout();
}
