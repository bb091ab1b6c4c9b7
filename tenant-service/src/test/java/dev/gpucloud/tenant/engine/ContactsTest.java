package dev.gpucloud.tenant.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.problem.FieldError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContactsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b.kr",
        "kim.jisoo+gpu@billing.example.com",
        "o'neil@example.co.kr",
        "x@xn--9d0b.xn--3e0b707e"
      })
  void takesAddressesThatMailCanBeSentTo(String email) {
    assertThat(Emails.refusal(email)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "kim",
        "@example.com",
        "kim@",
        "kim@example",
        "kim@@example.com",
        ".kim@example.com",
        "kim.@example.com",
        "ki..m@example.com",
        "kim@-example.com",
        "kim@example..com",
        "kim@10.0.0.1",
        "kim jisoo@example.com",
        "kim@example.com\nbcc: all@example.com",
        "<kim@example.com>",
        "kim@example.com, lee@example.com",
        "김@example.com"
      })
  void refusesOthers(String email) {
    assertThat(Emails.refusal(email)).isPresent();
  }

  @Test
  void limitsTheLength() {
    assertThat(Emails.refusal("k".repeat(64) + "@example.com")).isEmpty();
    assertThat(Emails.refusal("k".repeat(65) + "@example.com")).isPresent();
    assertThat(Emails.refusal("k@" + "a.".repeat(126) + "kr")).isPresent();
  }

  @Test
  void knowsTwoSpellingsOfOneAddress() {
    assertThat(Emails.folded(" Kim@Example.COM ")).isEqualTo("kim@example.com");
  }

  @Test
  void reportsEveryWrongContactAtItsPlace() {
    var violations = new Violations();

    new Contacts(
            new Contact("Kim", "kim", null),
            null,
            new Contact(" ", "soc@example.com", "call me maybe"))
        .check("/contacts", violations);

    assertThat(violations.list().stream().map(FieldError::pointer))
        .containsExactly(
            "/contacts/billing/email", "/contacts/security/name", "/contacts/security/phone");
  }
}
