package dev.gpucloud.gateway.sessions;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigUtils;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where browsers have the gateway. It is a setting and never what a request says of itself, so that
 * nobody has a login end at an address of theirs.
 */
@Startup // what is set wrongly keeps the gateway from starting
@Singleton
public class PublicAddress {
  /** Where the identity provider sends a browser back to. */
  public static final String CALLBACK = "/auth/callback";

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
  private final @Nullable String origin;

  PublicAddress(SessionConfig config) {
    this.origin =
        config
            .publicUrl()
            .map(url -> checked(url, ConfigUtils.isProfileActive("prod")))
            .orElse(null);
  }

  /**
   * The origin as a browser names it.
   *
   * @throws IllegalArgumentException when it is none, or one that secrets must not travel to
   */
  static String checked(URI url, boolean production) {
    String origin = url.getScheme() + "://" + url.getRawAuthority();
    boolean isOrigin =
        url.getHost() != null
            && (url.toString().equals(origin) || url.toString().equals(origin + "/"))
            && url.getRawUserInfo() == null;
    boolean isSafe =
        "https".equals(url.getScheme())
            || ("http".equals(url.getScheme()) && !production && LOOPBACK.contains(url.getHost()));
    if (!isOrigin || !isSafe) {
      throw new IllegalArgumentException(
          "GPUCLOUD_GATEWAY_SESSIONS_PUBLIC_URL: "
              + url
              + " cannot be used; name scheme, host and port, such as https://gpucloud.example.com."
              + " http is for development, on the loopback address alone.");
    }
    return origin;
  }

  /** The origin; empty when browsers cannot log in here. */
  public Optional<String> origin() {
    return Optional.ofNullable(origin);
  }

  /** Whether browsers are told to send cookies over TLS alone. */
  public boolean isSecure() {
    return origin != null && origin.startsWith("https:");
  }

  String callback() {
    return origin + CALLBACK;
  }
}
