package dev.gpucloud.tenant.notifications;

import dev.gpucloud.tenant.notifications.engine.Language;
import io.quarkus.runtime.annotations.ConfigDocSection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who is written to, in which language, and for how long what was told is kept. */
@ConfigMapping(prefix = "gpucloud.notifications")
public interface NotificationConfig {
  /** Language of people and tenants that chose none: KO or EN. */
  @ConfigDocSection
  @WithDefault("KO")
  Language defaultLanguage();

  /** Address of the console, for links in mails; without it mails name the command alone. */
  Optional<URI> consoleUrl();

  /** E-mail addresses of whoever runs the cloud: told of new applications for a tenant. */
  Optional<List<String>> platformAddresses();

  /**
   * Slug of the tenant of whoever runs the cloud: its webhooks are told what the platform is told,
   * and its list of notifications has it.
   */
  Optional<String> platformTenant();

  /** Most members of a tenant, and of a project, that one notification goes to; owners first. */
  @WithDefault("200")
  int mostRecipients();

  /** How long before its end the holder of an API key is told. */
  @WithDefault("P7D")
  Duration keyNotice();

  /** How often keys that end soon are looked for. */
  @WithDefault("PT10M")
  Duration keyCheck();

  /** How long a notification and what became of it are kept. */
  @WithDefault("P180D")
  Duration retention();

  /** How often old ones are looked for; at most 1,000 are forgotten at a time. */
  @WithDefault("PT5M")
  Duration purgeInterval();
}
