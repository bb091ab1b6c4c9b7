package dev.gpucloud.gateway.limits;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What limits by address count: an IPv4 address, or the 64 bits of an IPv6 address that a network
 * has to itself, for its owner may use any of the addresses within.
 */
final class AddressBlock {
  private static final int NETWORK_BYTES = 8;
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private AddressBlock() {}

  static String of(String address) {
    byte[] bytes =
        address.indexOf(':') < 0 ? null : NetUtil.createByteArrayFromIpAddressString(address);
    return bytes == null || bytes.length <= NETWORK_BYTES || isIpv4(bytes)
        ? address
        : HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES) + "/64";
  }

  private static boolean isIpv4(byte[] bytes) {
    return Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
  }
}
