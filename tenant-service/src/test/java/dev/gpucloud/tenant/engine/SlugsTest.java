package dev.gpucloud.tenant.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlugsTest {
  @ParameterizedTest
  @ValueSource(strings = {"sk-hynix", "a1b", "seoul-public", "sk-innovation-rnd"})
  void acceptsLowerCaseWordsJoinedByHyphens(String slug) {
    assertThat(Slugs.tenantRefusal(slug)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "ab", "SK", "1abc", "-abc", "abc-", "a--b", "a.b", "a_b", "sk hynix", "하이닉스"})
  void refusesOtherForms(String slug) {
    assertThat(Slugs.tenantRefusal(slug)).hasValueSatisfying(why -> assertThat(why).contains("3"));
  }

  @Test
  void refusesMoreThanFortyCharacters() {
    assertThat(Slugs.tenantRefusal("a".repeat(40))).isEmpty();
    assertThat(Slugs.tenantRefusal("a".repeat(41))).isPresent();
  }

  @Test
  void refusesReservedWords() {
    assertThat(Slugs.tenantRefusal("admin")).contains("'admin' is a reserved word");
    assertThat(Slugs.projectRefusal("internal")).contains("'internal' is a reserved word");
  }

  @Test
  void letsAProjectHaveTwoLetters() {
    assertThat(Slugs.projectRefusal("ai")).isEmpty();
    assertThat(Slugs.tenantRefusal("ai")).isPresent();
  }
}
