package dev.gpucloud.gateway.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressTest {
  @ParameterizedTest
  @CsvSource({
    "https://gpucloud.example.com, https://gpucloud.example.com",
    "https://gpucloud.example.com/, https://gpucloud.example.com",
    "http://127.0.0.1:8080, http://127.0.0.1:8080",
    "http://localhost:8080, http://localhost:8080"
  })
  void takesAnOrigin(URI url, String origin) {
    assertThat(PublicAddress.checked(url, false)).isEqualTo(origin);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpucloud.example.com",
        "https://gpucloud.example.com/console",
        "https://a:b@gpucloud.example.com",
        "https://gpucloud.example.com?x",
        "ftp://gpucloud.example.com",
        "http://gpucloud.example.com"
      })
  void refusesAllElse(URI url) {
    assertThatThrownBy(() -> PublicAddress.checked(url, false))
        .hasMessageContaining("GPUCLOUD_GATEWAY_SESSIONS_PUBLIC_URL");
  }

  @Test
  void refusesClearTextInProduction() {
    assertThatThrownBy(() -> PublicAddress.checked(URI.create("http://127.0.0.1:8080"), true))
        .hasMessageContaining("for development");
  }
}
