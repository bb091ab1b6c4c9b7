package dev.gpucloud.tenant.webhooks.engine;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Keeps webhooks away from what is not the public internet: a tenant names the address, and the
 * service that calls it stands inside. Networks that an operator allows by name are let through.
 */
public record AddressGuard(List<Network> allowed) {
  /** Networks that are private, local, reserved, or that carry another address inside. */
  private static final List<Network> CLOSED =
      List.of(
          Network.parse("0.0.0.0/8"),
          Network.parse("10.0.0.0/8"),
          Network.parse("100.64.0.0/10"),
          Network.parse("127.0.0.0/8"),
          Network.parse("169.254.0.0/16"),
          Network.parse("172.16.0.0/12"),
          Network.parse("192.0.0.0/24"),
          Network.parse("192.0.2.0/24"),
          Network.parse("192.88.99.0/24"),
          Network.parse("192.168.0.0/16"),
          Network.parse("198.18.0.0/15"),
          Network.parse("198.51.100.0/24"),
          Network.parse("203.0.113.0/24"),
          Network.parse("224.0.0.0/3"),
          Network.parse("::/3"), // loopback, mapped and translated addresses among others
          Network.parse("2001::/23"),
          Network.parse("2001:db8::/32"),
          Network.parse("2002::/16"),
          Network.parse("3fff::/20"),
          Network.parse("4000::/2"),
          Network.parse("8000::/1")); // unique-local, link-local and multicast among others

  /** A network such as {@code 10.0.0.0/8}. */
  public record Network(InetAddress address, int prefix) {
    /**
     * Reads an address and the length of its prefix.
     *
     * @throws IllegalArgumentException when the text is neither a network nor an address
     */
    public static Network parse(String text) {
      int slash = text.indexOf('/');
      try {
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int bits = address.getAddress().length * Byte.SIZE;
        int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
          throw new IllegalArgumentException("no network: " + text);
        }
        return new Network(address, prefix);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("no network: " + text, e);
      }
    }

    boolean contains(InetAddress other) {
      byte[] mine = address.getAddress();
      byte[] theirs = other.getAddress();
      if (mine.length != theirs.length) {
        return false;
      }
      int whole = prefix / Byte.SIZE;
      int rest = prefix % Byte.SIZE;
      return Arrays.equals(mine, 0, whole, theirs, 0, whole)
          && (rest == 0 || ((mine[whole] ^ theirs[whole]) & 0xff) >>> (Byte.SIZE - rest) == 0);
    }
  }

  /** Why nothing may be sent to the address; empty when it may. */
  public Optional<String> refusal(InetAddress address) {
    if (allowed.stream().anyMatch(network -> network.contains(address))) {
      return Optional.empty();
    }
    return CLOSED.stream().anyMatch(network -> network.contains(address))
        ? Optional.of("leads to an address that is not public")
        : Optional.empty();
  }
}
