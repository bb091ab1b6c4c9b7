package dev.gpucloud.devstack.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PasswordsTest {

  @Test
  void sameNameGetsTheSamePasswordAndNoOtherDoes() {
    Passwords passwords = new Passwords("one secret");

    assertThat(passwords.of("finance")).isEqualTo(new Passwords("one secret").of("finance"));
    assertThat(passwords.of("finance")).isNotEqualTo(passwords.of("auditor"));
    assertThat(passwords.of("finance")).isNotEqualTo(new Passwords("another").of("finance"));
  }

  @Test
  void needsNoQuotingAnywhere() {
    assertThat(new Passwords(Passwords.newSecret()).of("admin")).matches("[0-9A-Za-z]{20}");
  }
}
