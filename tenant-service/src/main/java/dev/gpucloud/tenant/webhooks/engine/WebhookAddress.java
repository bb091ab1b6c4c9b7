package dev.gpucloud.tenant.webhooks.engine;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** What the address of a webhook must look like, before anything is looked up. */
public final class WebhookAddress {
  private static final int MAX_LENGTH = 2048;
  private static final int MAX_PORT = 65_535;

  private WebhookAddress() {}

  /**
   * Why no message may go there; empty when its form is right. A name is judged by what it leads to
   * when a message is sent.
   */
  public static Optional<String> refusal(String text, boolean plainHttp, AddressGuard guard) {
    if (text.length() > MAX_LENGTH) {
      return Optional.of("expected at most " + MAX_LENGTH + " characters");
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return Optional.of("expected an address such as https://example.com/hooks");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme();
    if (!scheme.equalsIgnoreCase("https") && !(plainHttp && scheme.equalsIgnoreCase("http"))) {
      return Optional.of("expected an address that begins with https://");
    }
    if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
      return Optional.of("expected an address such as https://example.com/hooks");
    }
    if (uri.getUserInfo() != null || uri.getFragment() != null) {
      return Optional.of("expected no user name and no fragment");
    }
    if (!plainHttp && isInside(uri.getHost())) {
      return Optional.of("expected a name of the public internet");
    }
    return literal(uri.getHost()).flatMap(guard::refusal);
  }

  /** Names that only the network around us knows; whatever they lead to is checked again later. */
  private static boolean isInside(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return !name.startsWith("[")
        && (!name.contains(".") || name.endsWith(".local") || name.endsWith(".internal"));
  }

  /** The address itself, for a host that is no name. */
  private static Optional<InetAddress> literal(String host) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      return Optional.of(InetAddress.ofLiteral(bare));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
