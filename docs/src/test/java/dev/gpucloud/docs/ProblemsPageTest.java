package dev.gpucloud.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.problem.ProblemLanguage;
import dev.gpucloud.contracts.problem.ProblemType;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsPageTest {

  @Test
  void theCommittedPageIsUpToDate() throws IOException {
    page().verify("problems.md");
  }

  @Test
  void everyProblemHasTheAnchorThatItsTypeNames() {
    String text = page().text();
    for (ProblemType type : ProblemType.values()) {
      String anchor = type.typeUri().substring(type.typeUri().indexOf('#') + 1);
      assertThat(text).contains("<a id=\"" + anchor + "\"></a>`" + type.name() + "`");
    }
  }

  private static Page page() {
    List<List<String>> rows =
        Arrays.stream(ProblemType.values())
            .sorted(Comparator.comparingInt(ProblemType::status).thenComparing(Enum::name))
            .map(ProblemsPageTest::row)
            .toList();
    return new Page("Problems")
        .paragraph(
            """
            Every refusal is an RFC 9457 problem (`application/problem+json`) with `type`, `title`, `status`, `detail`,
            `instance`, and our members `code` (what clients switch on; never changes), `requestId` (tell it to support),
            `params` (figures of this occurrence) and `errors` (all violations at once, each with a JSON `pointer` and a
            `detail`). Fields of a body and parameters of a query that an operation does not have are refused; `pageSize` and
            `pageToken` are taken by everything that is read. The gateway shows this list at `/problems`. 404 also stands for what
            belongs to another tenant. 429 and 503 carry `Retry-After`. With
            `Accept-Language: ko` the title is Korean; `detail` says what it says in English.
            """)
        .table(List.of("status", "code", "title", "제목", "way out"), rows);
  }

  private static List<String> row(ProblemType type) {
    return List.of(
        Integer.toString(type.status()),
        "<a id=\"" + type.anchor() + "\"></a>`" + type.name() + "`",
        type.title(),
        type.title(ProblemLanguage.KOREAN),
        type.wayOut());
  }
}
