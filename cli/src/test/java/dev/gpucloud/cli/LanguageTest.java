package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refusals in Korean. */
class LanguageTest {
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Map<String, String> KOREAN = Translation.words("errors-ko.yaml");

  private static final Pattern REFUSAL =
      Pattern.compile(
          "new (CliException|CommandLine\\.ParameterException|BadFileException|UnreadableException)\\("
              + "|\\b(wrong|once\\.check)\\(|\\b(violations|wrong|all)\\.add\\(");

  /** A heading of a column, or a message that is said or put together. */
  private static final Pattern SHOWN =
      Pattern.compile(
          "\\.(?:left|text|right|number|won|time)\\(\\s*\"([A-Z][A-Z0-9 ()/-]*)\"[,)]"
              + "|\\b(?:say|text|asks|danger)\\(\\s*\"([^\"]*[a-z] [^\"]*)\"");

  private static final Set<String> SAME_IN_KOREAN =
      Set.of("ID", "URL", "SKU", "GPU", "GPUS", "GIB", "MIG", "XID", "VCPUS");

  @TempDir Path folder;
  private Console console;

  @BeforeEach
  void open() {
    console = new Console(folder).with("GPUCLOUD_LANG", "ko");
  }

  @AfterEach
  void close() {
    console.close();
  }

  @Test
  void aRefusalOfTheApiHasItsKindInKoreanAndWhatItSaysBelow() {
    console.answer(
        "GET /api/v1/tenants/sk-hynix",
        404,
        """
        {"code":"NOT_FOUND","status":404,"title":"t","detail":"There is no tenant sk-hynix.",
         "requestId":"req-1"}""");
    console.answer("GET /api/v1/admin/tenants/sk-hynix", 403, "{\"code\":\"FORBIDDEN\"}");

    assertThat(console.code("tenants", "show", "sk-hynix")).isEqualTo(5);

    assertThat(console.errors())
        .isEqualTo(
            """
            오류: NOT_FOUND (404): 이 주소에는 아무것도 없습니다
              상세: 테넌트 sk-hynix이(가) 없습니다.
              할 일: ID를 확인하세요. 접근 권한이 없을 수도 있습니다.
              요청 ID: req-1
            """);
    assertThat(console.last().headers()).containsEntry("accept-language", "ko");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "An invoice in state DRAFT cannot be issued.|DRAFT 상태의 청구서로는 할 수 없습니다: 발행.",
        "2 values are invalid; nothing was changed.|값 2개가 잘못되었습니다. 아무것도 바뀌지 않았습니다.",
        "Nobody wrote this in Korean.|Nobody wrote this in Korean."
      })
  void whatARefusalOfTheApiSaysIsKoreanWhereThatIsKnown(String detail, String korean) {
    console.answer(
        "GET /api/v1/me",
        409,
        """
        {"code":"STATE_CONFLICT","detail":"%s","errors":[
          {"pointer":"/a","detail":"must be given"},{"pointer":"/b","detail":"is odd"}]}"""
            .formatted(detail));

    console.code("whoami");

    assertThat(console.errors().lines())
        .contains("  상세: " + korean, "  /a: 있어야 합니다", "  /b: is odd");
  }

  @Test
  void whatIsNoProblemOfOursIsKoreanToo() {
    console.answer("GET /api/v1/me", 500, "<html>");

    assertThat(console.code("whoami")).isEqualTo(7);

    assertThat(console.errors()).isEqualTo("오류: 서버가 HTTP 상태 500(으)로 답했습니다.\n");
  }

  @Test
  void whoIsLoggedInIsSaidInKorean() {
    console.answer(
        "GET /api/v1/me",
        200,
        """
        {"subject": "u-1", "username": "kim", "platformRoles": ["auditor"], "memberships": [],
         "apiKey": {"id": "key_1", "name": "ci", "roles": ["VIEWER"], "projects": ["prj_1"]}}
        """);

    assertThat(console.line("whoami"))
        .isEqualTo(
            """
            사용자   kim
            주체     u-1
            서버     %s
            플랫폼   auditor
            API 키   ci (key_1), 최대 VIEWER, 프로젝트 prj_1
            """
                .formatted(console.server().url()));
  }

  @Test
  void nobodyIsLoggedIn() {
    console.with("GPUCLOUD_API_KEY", "");

    assertThat(console.code("whoami")).isEqualTo(3);

    assertThat(console.errors())
        .isEqualTo(
            "오류: %s에 로그인하지 않았습니다.\n  할 일: gpucloud login\n".formatted(console.server().url()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "audit list --limit many|오류: 옵션 '--limit'의 값이 잘못되었습니다: 'many'은(는) 정수가 아닙니다",
        "tenants lst|오류: 1번째 자리의 모르는 인수: 'lst'",
        "invoices show|오류: 필요한 값이 없습니다: 'INVOICE'",
        "audit list --nonsense|오류: 모르는 옵션: '--nonsense'",
        "instances list --server ftp://x|오류: 'ftp://x'은(는) http나 https 주소가 아닙니다."
      })
  void aWrongCommandLineIsExplainedInKorean(String line, String first) {
    assertThat(console.code(line.split(" "))).isEqualTo(2);

    assertThat(console.errors().lines().findFirst().orElseThrow()).isEqualTo(first);
    assertThat(console.errors()).doesNotContain("try:").doesNotContain("example:");
  }

  @Test
  void whatIsWrongWithAFileIsSaidInKoreanToo() throws IOException {
    Files.writeString(
        folder.resolve("prices.yaml"),
        """
        prices:
          - {sku: a.b.c, version: v1, listPriceKrw: -1, effectiveFrom: 2026-01-01}
          - {sku: a.b.c, version: v1, tiers: {}, effectiveFrom: soon}
        accounts: [{accountId: acme, tenants: [{slug: acme}], credits: [{id: k, amountKrw: 1}, {id: k, amountKrw: 1}]}]
        """);
    Files.writeString(
        folder.resolve("events.jsonl"),
        "[]\n{\"type\":\"instance.started\",\"id\":\"e\",\"subject\":\"i\",\"sequence\":1,\"data\":{\"runId\":\"r\"}}\n{}{}\n");

    String line = "rate --prices prices.yaml --events events.jsonl --account acme --month 2026-09";
    assertThat(console.code(line.split(" "))).isEqualTo(2);

    assertThat(console.errors())
        .isEqualTo(
            """
            오류: prices.yaml에 잘못된 곳이 있습니다:
              /prices/0/listPriceKrw: 음수일 수 없습니다
              /prices/1/tiers/bands: 구간이 하나는 있어야 합니다
              /prices/1/effectiveFrom: 날짜(2026-09-30)나 시차가 있는 시각(2026-09-30T09:00:00+09:00)이어야 합니다
              /prices/1/version: 버전 v1(a.b.c)이(가) 또 있습니다: /prices/0
              /accounts/0/credits/1/id: 크레딧 k이(가) 또 있습니다: /accounts/0/credits/0
              events.jsonl에 잘못된 곳이 있습니다:
              1행: 객체여야 합니다
              2행 /time: 이것이나 data.at이 있어야 합니다
              2행 /data/tenantSlug: 이것이나 tenantId가 있어야 합니다
              2행 /data/projectSlug: 이것이나 projectId가 있어야 합니다
              2행 /data/gpus: 1 이상이어야 합니다
              2행 /data/gpuModel: 있어야 합니다
              2행 /data/region: 있어야 합니다
              3행: JSON이 아닙니다: 끝난 뒤에 내용이 더 있습니다 (1행 4열)
            """);
  }

  @Test
  void filesThatThereAreNotAreNamedAtOnce() throws IOException {
    String line = "rate --prices p.yaml --events e.jsonl --account acme --month 2026-09";
    assertThat(console.code(line.split(" "))).isEqualTo(2);
    assertThat(console.errors()).startsWith("오류: p.yaml 파일과 e.jsonl 파일이 없습니다.\n");

    Files.writeString(folder.resolve("p.yaml"), "");
    assertThat(console.code(line.split(" "))).isEqualTo(2);
    assertThat(console.errors()).contains("오류: e.jsonl 파일이 없습니다.\n");
  }

  @Test
  void everySentenceNamesInKoreanWhatItNamesInEnglish() {
    KOREAN.forEach(
        (english, korean) -> {
          if (!english.equals("%s: %s")) {
            assertThat(korean).as(english).matches("(?s).*[가-힣].*");
          }
          assertThat(places(korean)).as(english).isEqualTo(places(english));
        });
  }

  private static int places(String text) {
    return (int) Pattern.compile("%(\\d\\$)?s").matcher(text).results().count();
  }

  /** Each piece of each text that a command refuses with stands in a sentence that has Korean. */
  @Test
  void noRefusalOfACommandIsEnglishAlone() throws IOException {
    List<String> missing = new ArrayList<>();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java/dev/gpucloud/cli"))) {
      for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
        for (String piece : pieces(Files.readString(source))) {
          if (KOREAN.keySet().stream().noneMatch(english -> english.contains(piece))) {
            missing.add(source.getFileName() + ": " + piece);
          }
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  /** What stands above a column and what a command says of itself, all of it. */
  @Test
  void everyHeadingAndMessageHasItsKorean() throws IOException {
    Map<String, String> korean = Translation.words("ko.yaml");
    List<String> missing = new ArrayList<>();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java/dev/gpucloud/cli"))) {
      for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
        Matcher shown = SHOWN.matcher(Files.readString(source));
        while (shown.find()) {
          String text = shown.group(1) == null ? shown.group(2) : shown.group(1);
          if (!korean.containsKey(text) && !SAME_IN_KOREAN.contains(text)) {
            missing.add(source.getFileName() + ": " + text);
          }
        }
      }
    }
    Described.all().stream()
        .flatMap(kind -> kind.verbs().stream())
        .map(Verb::question)
        .filter(question -> question != null && !korean.containsKey(question))
        .forEach(missing::add);
    assertThat(missing).isEmpty();
    korean.forEach(
        (english, said) -> assertThat(places(said)).as(english).isEqualTo(places(english)));
  }

  private static List<String> pieces(String source) {
    List<String> pieces = new ArrayList<>();
    Matcher refusal = REFUSAL.matcher(source);
    while (refusal.find()) {
      int at = refusal.start();
      int end = end(source, refusal.end() - 1);
      Matcher literal = LITERAL.matcher(source.substring(at, end));
      while (literal.find()) {
        String piece = literal.group(1).replace("\\\"", "\"").replace("\\\\n", "\\n");
        for (String words : piece.split("%[sd]")) {
          String part = words.replaceFirst("^(/\\w+)?: ", "");
          if (part.matches("(?s).*[a-z]{2}.*")
              && part.matches("(?s).*[ .?].*")
              && !part.matches("(?s)(example: .*| /data/\\w+|.*GPUCLOUD_|.*PASSWORD.*)")) {
            pieces.add(part);
          }
        }
      }
    }
    return pieces;
  }

  /** Behind the bracket that closes the one at a place; none stands in a text. */
  private static int end(String source, int open) {
    int depth = 0;
    boolean inText = false;
    for (int at = open; at < source.length(); at++) {
      char letter = source.charAt(at);
      if (letter == '"' && source.charAt(at - 1) != '\\') {
        inText = !inText;
      }
      depth += inText ? 0 : letter == '(' ? 1 : letter == ')' ? -1 : 0;
      if (depth == 0) {
        return at;
      }
    }
    throw new IllegalArgumentException("a bracket without an end");
  }
}
