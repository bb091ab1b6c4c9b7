package dev.gpucloud.tenant.apikeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SealingTest {
  private static final String SECRET = "a secret of more than thirty-two characters";
  private static final byte[] OPEN = {1, 2, 3, 4};

  @Test
  void opensWhatItSealed() {
    Sealing sealing = new Sealing(SECRET);

    assertThat(new Sealing(SECRET).open(sealing.seal(OPEN))).isEqualTo(OPEN);
    assertThat(sealing.seal(OPEN)).isNotEqualTo(sealing.seal(OPEN));
  }

  @Test
  void opensNothingOfAnotherSecretAndNothingChanged() {
    byte[] sealed = new Sealing(SECRET).seal(OPEN);

    assertThatThrownBy(() -> new Sealing(SECRET + "!").open(sealed))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gpucloud.api-keys.sealing-secret");
    sealed[sealed.length - 1] ^= 1;
    assertThatThrownBy(() -> new Sealing(SECRET).open(sealed))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void wantsALongSecret() {
    assertThatThrownBy(() -> new Sealing("short")).isInstanceOf(IllegalArgumentException.class);
  }
}
