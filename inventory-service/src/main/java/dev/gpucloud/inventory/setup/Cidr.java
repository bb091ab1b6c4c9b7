package dev.gpucloud.inventory.setup;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range of IPv4 addresses whose bits behind the prefix are zero. */
record Cidr(long base, int prefixLength) {
  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");
  private static final int BITS = 32;

  static Optional<Cidr> parse(String text) {
    Matcher m = TEXT.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    long base = 0;
    for (int part = 1; part <= 4; part++) {
      int value = Integer.parseInt(m.group(part));
      if (value > 255) {
        return Optional.empty();
      }
      base = base << 8 | value;
    }
    int length = Integer.parseInt(m.group(5));
    boolean clean = length <= BITS && (base & ((1L << (BITS - length)) - 1)) == 0;
    return clean ? Optional.of(new Cidr(base, length)) : Optional.empty();
  }
}
