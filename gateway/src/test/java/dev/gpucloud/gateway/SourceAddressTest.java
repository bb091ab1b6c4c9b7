package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SourceAddressTest {
  private static final String PEER = "10.0.0.7";

  @Test
  void believesNoHeaderWithoutAProxyInFront() {
    assertThat(SourceAddress.of(PEER, List.of("203.0.113.1"), 0)).isEqualTo(PEER);
  }

  @Test
  void takesWhatTheProxyAddedAndNotWhatTheCallerWrote() {
    assertThat(SourceAddress.of(PEER, List.of("198.51.100.1, 203.0.113.9"), 1))
        .isEqualTo("203.0.113.9");
    assertThat(SourceAddress.of(PEER, List.of("198.51.100.1", "203.0.113.9, 10.1.1.1"), 2))
        .isEqualTo("203.0.113.9");
  }

  @Test
  void fallsBackToThePeerWhenTheHeaderIsMissingShortOrNoAddress() {
    assertThat(SourceAddress.of(PEER, List.of(), 1)).isEqualTo(PEER);
    assertThat(SourceAddress.of(PEER, List.of("203.0.113.9"), 2)).isEqualTo(PEER);
    assertThat(SourceAddress.of(PEER, List.of("<script>"), 1)).isEqualTo(PEER);
  }
}
