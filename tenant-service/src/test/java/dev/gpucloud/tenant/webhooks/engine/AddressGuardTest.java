package dev.gpucloud.tenant.webhooks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.tenant.webhooks.engine.AddressGuard.Network;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  private static final AddressGuard GUARD = new AddressGuard(List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "ff02::1"
      })
  void refusesWhatIsNotPublic(String address) {
    assertThat(GUARD.refusal(InetAddress.ofLiteral(address)))
        .contains("leads to an address that is not public");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "128.0.0.1",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2606:4700::1111",
        "3ffe:ffff::1"
      })
  void letsThePublicThrough(String address) {
    assertThat(GUARD.refusal(InetAddress.ofLiteral(address))).isEmpty();
  }

  @Test
  void letsThroughWhatIsAllowedByNameAndNothingBesideIt() {
    AddressGuard guard =
        new AddressGuard(List.of(Network.parse("10.20.0.0/15"), Network.parse("::1")));
    assertThat(guard.refusal(InetAddress.ofLiteral("10.21.255.255"))).isEmpty();
    assertThat(guard.refusal(InetAddress.ofLiteral("::1"))).isEmpty();
    assertThat(guard.refusal(InetAddress.ofLiteral("10.22.0.0"))).isPresent();
    assertThat(guard.refusal(InetAddress.ofLiteral("10.19.255.255"))).isPresent();
    assertThat(guard.refusal(InetAddress.ofLiteral("::2"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "example.com", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::/129"})
  void refusesToReadWhatIsNoNetwork(String text) {
    assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hooks.example.com/a?b=c",
        "https://hooks.example.com:8443/",
        "HTTPS://1.1.1.1/x",
        "https://[2606:4700::1111]/x"
      })
  void acceptsAnAddressOfTheInternet(String address) {
    assertThat(WebhookAddress.refusal(address, false, GUARD)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hooks.example.com",
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "https:///x",
        "https://user:word@hooks.example.com/",
        "https://hooks.example.com/#x",
        "https://hooks.example.com:99999/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://localhost/",
        "https://tenant-service.gpucloud.svc.cluster.local/",
        "https://metadata.google.internal/",
        "https://ho oks.example.com/",
        "file:///etc/passwd"
      })
  void refusesOtherAddresses(String address) {
    assertThat(WebhookAddress.refusal(address, false, GUARD)).isPresent();
  }

  @Test
  void takesPlainHttpOnlyWhereItIsAllowed() {
    assertThat(WebhookAddress.refusal("http://hooks.example.com/", true, GUARD)).isEmpty();
    assertThat(WebhookAddress.refusal("https://a.example/" + "x".repeat(2048), true, GUARD))
        .contains("expected at most 2048 characters");
  }
}
