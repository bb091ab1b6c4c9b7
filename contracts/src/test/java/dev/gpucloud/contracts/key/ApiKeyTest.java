package dev.gpucloud.contracts.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.contracts.id.ApiKeyId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {
  private static final ApiKeyId ID =
      new ApiKeyId(UUID.fromString("01a20158-0300-796c-b390-50cdf4b4e19a"));

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void readsWhatItWrites(long seed) {
    byte[] secret = new byte[ApiKey.SECRET_BYTES];
    new Random(seed).nextBytes(secret);
    ApiKey key = ApiKey.of(ID, secret);

    ApiKey read = ApiKey.parse(key.text()).orElseThrow();

    assertThat(key.text()).hasSize(86).matches("gck_[0-9a-f]{32}_[0-9A-Za-z]{49}");
    assertThat(read.id()).isEqualTo(ID);
    assertThat(read.secretHash()).isEqualTo(key.secretHash());
  }

  @Test
  void readsSecretsOfOnlyZerosAndOnlyOnes() {
    byte[] ones = new byte[ApiKey.SECRET_BYTES];
    Arrays.fill(ones, (byte) 0xff);

    assertThat(ApiKey.parse(ApiKey.of(ID, new byte[ApiKey.SECRET_BYTES]).text())).isPresent();
    assertThat(ApiKey.parse(ApiKey.of(ID, ones).text())).isPresent();
  }

  @Test
  void storesTheSha256OfTheSecretAlone() {
    assertThat(ApiKey.of(ID, new byte[ApiKey.SECRET_BYTES]).secretHash())
        .isEqualTo(
            HexFormat.of()
                .parseHex("66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"));
  }

  @Test
  void noticesEveryChangedCharacter() {
    String text = ApiKey.of(ID, new byte[ApiKey.SECRET_BYTES]).text();
    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == '1' ? '2' : '1';
      String changed = text.substring(0, i) + other + text.substring(i + 1);
      assertThat(ApiKey.parse(changed)).describedAs("character %d", i).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gck_",
        "gck_01a201580300796cb39050cdf4b4e19a_short",
        "GCK_01a201580300796cb39050cdf4b4e19a_0000000000000000000000000000000000000000000000000",
        "gck_01A201580300796CB39050CDF4B4E19A_0000000000000000000000000000000000000000000000000",
        "gck_01a201580300796cb39050cdf4b4e19a_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
      })
  void readsNothingElse(String text) {
    assertThat(ApiKey.parse(text)).isEmpty();
  }

  @Test
  void doesNotShowItsSecretWhenPrinted() {
    byte[] secret = new byte[ApiKey.SECRET_BYTES];
    new Random(9).nextBytes(secret);

    assertThat(ApiKey.of(ID, secret)).hasToString(ID.toString());
  }

  @Test
  void takesSecretsOf256BitsOnly() {
    assertThatThrownBy(() -> ApiKey.of(ID, new byte[16]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
