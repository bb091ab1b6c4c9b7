package dev.gpucloud.contracts.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshPublicKeyTest {
  private static final String ED25519 =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFAdUmUVSJsHZ/h2ud0c16TvKT5zKLFt/zd9tbJYo+HN";
  private static final String SHORT_RSA =
      "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDZI1BgiNa+iMTy/y29MG7wIYkVOYbRqbGVdQsJqyHMAG7YBO7RoKQ6zhyoN0RxVHfpvz7SmmjKWrs5bNj+q66SomjlokvUvzroTAmApZa/av0auuX3CPXxffLc/Ac6pO/vDyhmTQqrVrAk2blXzrPb6X7UHmHUomTE75cDVJTGaw==";

  /** Pairs of a line of ssh-keygen -l and the key that it is about. */
  static Stream<Arguments> listed() throws IOException {
    try (var in = SshPublicKeyTest.class.getResourceAsStream("/ssh-keys.txt")) {
      List<String> lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .toList();
      List<Arguments> pairs = new ArrayList<>();
      for (int i = 0; i < lines.size(); i += 2) {
        pairs.add(Arguments.of(lines.get(i), lines.get(i + 1)));
      }
      return pairs.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("listed")
  void saysOfAKeyWhatSshKeygenSays(String listing, String line) {
    SshPublicKey key = key(line);
    assertThat(key.listing()).isEqualTo(listing);
    assertThat(key.line()).isEqualTo(line.strip());
  }

  @Test
  void takesKeysOfHardwareTokens() {
    SshPublicKey edwards =
        key(line("sk-ssh-ed25519@openssh.com", new byte[32], bytes("ssh:")) + " token");
    assertThat(edwards.type()).isEqualTo(KeyType.ED25519_SK);
    assertThat(edwards.listing()).startsWith("256 SHA256:").endsWith(" token (ED25519-SK)");
    byte[] point = new byte[65];
    point[0] = 4;
    String curve =
        line("sk-ecdsa-sha2-nistp256@openssh.com", bytes("nistp256"), point, bytes("ssh:"));
    assertThat(key(curve).type()).isEqualTo(KeyType.ECDSA_SK);
    assertThat(refusal(line("sk-ssh-ed25519@openssh.com", new byte[32]))).contains("cut short");
    assertThat(refusal(line("sk-ssh-ed25519@openssh.com", new byte[32], new byte[0])))
        .contains("application");
  }

  @Test
  void refusesAShortRsaKeyAndSaysWhatToDo() {
    assertThat(refusal(SHORT_RSA))
        .isEqualTo(
            "an RSA key needs 2048 to 16384 bits, this one has 1024; make one with: ssh-keygen -t"
                + " ed25519");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ssh-ed25519",
        "ssh-ed25519 !!!!",
        "ssh-ed25519 AAAA",
        "hello world",
        "ssh-dss AAAAB3NzaC1kc3MAAACBAP",
        "command=\"x\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjkxFNOtGcWLWLCpGlCk",
        "-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXktdjEAAAAA"
      })
  void refusesWhatIsNoPublicKey(String line) {
    assertThat(refusal(line)).isNotBlank();
  }

  @Test
  void refusesKeysWhoseBytesAreNotWhatTheLineSays() {
    String blob = ED25519.split(" ")[1];
    assertThat(refusal("ssh-rsa " + blob)).contains("its own bytes say 'ssh-ed25519'");
    assertThat(refusal(line("ssh-ed25519", new byte[31]))).contains("32 bytes");
    assertThat(refusal(line("ssh-ed25519", new byte[32], new byte[1]))).contains("after its end");
    byte[] point = new byte[65];
    assertThat(refusal(line("ecdsa-sha2-nistp256", bytes("nistp256"), point))).contains("point");
    assertThat(refusal(line("ecdsa-sha2-nistp256", bytes("nistp384"), point))).contains("curve");
    assertThat(refusal(line("ssh-rsa", new byte[] {4}, new byte[] {9}))).contains("RSA");
    assertThat(refusal(line("ssh-rsa", new byte[] {3}, new byte[] {-1}))).contains("positive");
    assertThat(refusal(ED25519 + " kim\nssh-ed25519 AAAA")).contains("one line");
  }

  @Test
  void neverFailsOnCutOrGarbledKeys() {
    byte[] blob = Base64.getDecoder().decode(SHORT_RSA.split(" ")[1]);
    for (int length = 0; length < blob.length; length++) {
      byte[] cut = Arrays.copyOf(blob, length);
      assertThat(refusal("ssh-rsa " + Base64.getEncoder().encodeToString(cut))).isNotBlank();
    }
    for (int at = 0; at < blob.length; at++) {
      byte[] garbled = blob.clone();
      garbled[at] ^= (byte) 0xff;
      assertThat(SshPublicKey.read("ssh-rsa " + Base64.getEncoder().encodeToString(garbled)))
          .isNotNull();
    }
  }

  private static SshPublicKey key(String line) {
    assertThat(SshPublicKey.read(line)).isInstanceOf(SshPublicKey.Reading.Key.class);
    return ((SshPublicKey.Reading.Key) SshPublicKey.read(line)).key();
  }

  private static String refusal(String line) {
    assertThat(SshPublicKey.read(line)).isInstanceOf(SshPublicKey.Reading.Refused.class);
    return ((SshPublicKey.Reading.Refused) SshPublicKey.read(line)).why();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String line(String type, byte[]... fields) {
    try (var out = new ByteArrayOutputStream();
        var data = new DataOutputStream(out)) {
      data.writeInt(type.length());
      data.write(bytes(type));
      for (byte[] field : fields) {
        data.writeInt(field.length);
        data.write(field);
      }
      return type + " " + Base64.getEncoder().encodeToString(out.toByteArray());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
