package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossOriginTest {
  @ParameterizedTest
  @ValueSource(strings = {"https://console.example.com", "http://127.0.0.1:5173"})
  void anOriginIsSchemeHostAndPort(String origin) {
    assertThat(CrossOrigin.checked(origin)).isEqualTo(origin);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "null",
        "console.example.com",
        "https://console.example.com/",
        "https://user@console.example.com",
        "ftp://console.example.com"
      })
  void whatIsNoOriginIsNamed(String origin) {
    assertThatThrownBy(() -> CrossOrigin.checked(origin))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("GPUCLOUD_GATEWAY_CORS_ORIGINS: " + origin);
  }
}
