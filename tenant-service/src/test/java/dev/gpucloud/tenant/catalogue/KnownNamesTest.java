package dev.gpucloud.tenant.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.problem.FieldError;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KnownNamesTest {
  private final KnownNames known =
      new KnownNames(Map.of(Named.Kind.MODEL, new TreeSet<>(List.of("h200", "b200"))));

  @Test
  void namesWhatIsUnknownAndWhatThereIs() {
    assertThat(
            known.violations(List.of(Named.model("b200", "/a"), Named.model("b300", "/b"))).list())
        .containsExactly(
            new FieldError("/b", "there is no GPU model 'b300'; there are b200, h200"));
  }

  @Test
  void passesEveryNameOfAKindOfWhichNothingIsKnown() {
    assertThat(known.violations(List.of(Named.site("anywhere", "/site"))).isEmpty()).isTrue();
  }

  @Test
  void showsNoMoreThanAPersonReads() {
    var many = new TreeSet<>(IntStream.range(0, 60).mapToObj("site-%02d"::formatted).toList());
    var sites = new KnownNames(Map.of(Named.Kind.SITE, many));

    assertThat(sites.violations(List.of(Named.site("x", "/site"))).list().getFirst().detail())
        .contains("site-49 and others")
        .doesNotContain("site-50");
  }
}
