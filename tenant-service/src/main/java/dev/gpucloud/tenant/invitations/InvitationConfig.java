package dev.gpucloud.tenant.invitations;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of invitations. */
@ConfigMapping(prefix = "gpucloud.invitations")
interface InvitationConfig {
  /** How long an invitation can be accepted, by the system clock. */
  @WithDefault("P7D")
  Duration validity();

  /** Most invitations of one tenant that wait at a time. */
  @WithDefault("500")
  int mostPending();
}
