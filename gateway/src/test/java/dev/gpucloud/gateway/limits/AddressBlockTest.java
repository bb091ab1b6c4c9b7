package dev.gpucloud.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressBlockTest {
  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 203.0.113.7",
    "2001:db8:1:2:3:4:5:6, 20010db800010002/64",
    "2001:DB8:1:2::, 20010db800010002/64",
    "2001:db8:1:3::1, 20010db800010003/64",
    "::ffff:203.0.113.7, ::ffff:203.0.113.7",
    "::1, 0000000000000000/64",
    "no:address, no:address"
  })
  void countsAnIpv6NetworkAsOne(String address, String block) {
    assertThat(AddressBlock.of(address)).isEqualTo(block);
  }
}
