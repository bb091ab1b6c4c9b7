package dev.gpucloud.inventory.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.inventory.instance.InstanceSetup;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetupsTest {
  static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjkxFNOtGcWLWLCpGlCk kim@lab";

  @Test
  void showsAKeyByItsFingerprint() {
    SshKey key = SshKey.of(KEY).orElseThrow();

    assertThat(key.type()).isEqualTo("ssh-ed25519");
    assertThat(key.comment()).isEqualTo("kim@lab");
    assertThat(key.fingerprint()).startsWith("SHA256:").hasSize(50);
    assertThat(SshKey.of("ssh-ed25519 AAAA")).isEmpty();
  }

  @Test
  void namesEveryViolationAtOnce() {
    ProblemException refused =
        catchThrowableOfType(
            ProblemException.class,
            () ->
                Setups.read(
                    List.of(KEY, "nonsense", KEY + "-again"),
                    null,
                    "not base64!",
                    List.of(
                        new IngressRequest("TCP", 443, 80, "10.0.0.0/8"),
                        new IngressRequest("UDP", 53, null, "10.0.0.1/8"))));

    assertThat(refused.errors())
        .extracting(FieldError::pointer)
        .containsExactly(
            "/sshKeys/1", "/sshKeys/2", "/userDataBase64", "/ingress/0/toPort", "/ingress/1/cidr");
  }

  @Test
  void keepsUserDataAsBase64AndOutOfWords() {
    InstanceSetup setup = Setups.read(null, "#cloud-config\n", null, null);

    assertThat(setup.userData()).isEqualTo("I2Nsb3VkLWNvbmZpZwo=");
    assertThat(setup.toString()).doesNotContain("I2Ns").contains("hidden");
    assertThat(Setups.read(null, null, null, null)).isEqualTo(InstanceSetup.NONE);
  }

  @Test
  void boundsKeysAndUserData() {
    assertThat(
            catchThrowableOfType(
                    ProblemException.class,
                    () -> Setups.read(Collections.nCopies(17, KEY), null, null, null))
                .errors())
        .hasSize(1);
    assertThat(
            catchThrowableOfType(
                    ProblemException.class, () -> Setups.read(null, "x".repeat(49_153), null, null))
                .errors())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/8", "0.0.0.0/0", "203.0.113.7/32"})
  void readsRanges(String text) {
    assertThat(Cidr.parse(text)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1/8", "10.0.0.0/33", "256.0.0.0/8", "10.0.0.0", "::/0", ""})
  void refusesWhatIsNoRange(String text) {
    assertThat(Cidr.parse(text)).isEmpty();
  }
}
