package dev.gpucloud.kit.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
  @Test
  void aTokenNamesTheLastItemShown() {
    PageRequest request = PageRequest.of(2, null);

    Page<String> page = request.page(List.of("a", "b", "c"), r -> r, r -> Map.of("after", r));

    assertThat(page.items()).containsExactly("a", "b");
    assertThat(PageRequest.of(2, page.nextPageToken()).after()).containsEntry("after", "b");
  }

  @Test
  void theLastPageHasNoToken() {
    Page<String> page =
        PageRequest.of(2, null).page(List.of("a", "b"), r -> r, r -> Map.of("after", r));

    assertThat(page.nextPageToken()).isNull();
  }

  @Test
  void tokensKeepAnyText() {
    Map<String, String> position = Map.of("name", "가=&/ ?", "id", "ins_1");

    assertThat(PageTokens.decode(PageTokens.encode(position, "/a"), "/a")).isEqualTo(position);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1001", "x", "99999999999", "1.5"})
  void refusesOtherSizes(String size) {
    PageRequest request = new PageRequest();
    request.pageSize = size;

    assertThatThrownBy(request::size)
        .isInstanceOfSatisfying(
            ProblemException.class,
            p -> assertThat(p.type()).isEqualTo(ProblemType.INVALID_PARAMETER));
  }

  @Test
  void allowsTheLargestSize() {
    assertThat(PageRequest.of(1000, null).size()).isEqualTo(1000);
  }

  @Test
  void aTokenHoldsForItsListAlone() {
    String token = PageTokens.encode(Map.of("id", "ins_1"), "/instances");

    assertForeign(() -> PageTokens.decode(token, "/invoices"));
  }

  @Test
  void refusesAPositionThatTheListCannotHaveGivenOut() {
    String token = PageTokens.encode(Map.of("id", "no-uuid", "place", "x"), "");
    PageRequest request = PageRequest.of(2, token);

    assertForeign(request::afterId);
    assertForeign(() -> request.after("place", Integer::valueOf));
    assertThat(request.after("other", Integer::valueOf)).isEmpty();
  }

  private static void assertForeign(ThrowingCallable read) {
    assertThatThrownBy(read)
        .isInstanceOfSatisfying(
            ProblemException.class,
            p -> assertThat(p.type()).isEqualTo(ProblemType.INVALID_PAGE_TOKEN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"***", "AAAA", "bm8"})
  void refusesForeignTokens(String token) {
    assertThatThrownBy(() -> PageTokens.decode(token, ""))
        .isInstanceOfSatisfying(
            ProblemException.class,
            p -> assertThat(p.type()).isEqualTo(ProblemType.INVALID_PAGE_TOKEN));
  }
}
