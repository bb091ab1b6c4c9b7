package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Results as CSV and in Korean. */
class OutputTest {
  private static final String BALANCE =
      """
      {"asOf":"2026-11-30","accounts":[{"account":"REVENUE","debit":{"amount":"0","currency":"KRW"},
        "credit":{"amount":"57600","currency":"KRW"},"balance":{"amount":"-57600","currency":"KRW"}}],
       "debit":{"amount":"57600"},"credit":{"amount":"57600"},"difference":{"amount":"0"}}""";

  @TempDir Path folder;
  private Console console;

  @BeforeEach
  void sitDown() {
    console = new Console(folder);
  }

  @AfterEach
  void leave() {
    console.close();
  }

  @Test
  void csvHasTheRowsOfAReport() {
    console.answer("GET /api/v1/finance/ledger/trial-balance", 200, BALANCE);

    assertThat(console.line("finance trial-balance -o csv"))
        .isEqualTo("account,debit,credit,balance\nREVENUE,0,57600,-57600\n");
  }

  @Test
  void csvHasOneLineForOneThing() {
    console.answer("GET /api/v1/finance/notes/nte_1", 200, "{\"id\":\"nte_1\",\"vat\":null}");

    assertThat(console.line("finance notes show nte_1 -o csv")).isEqualTo("id,vat\nnte_1,\n");
  }

  @Test
  void csvNamesFieldsOfFieldsAndQuotesWhatMustBe() throws IOException {
    String rows =
        """
        [{"a":{"b":1,"c":["x","y"]},"t":"say \\"hi\\", he"},
         {"d":[{"e":1}],"t":"=SUM(A1)"},
         {"t":"-5"}]""";

    assertThat(Csv.of(Json.MAPPER.readTree(rows)))
        .isEqualTo(
            """
            a.b,a.c,t,d
            1,x y,"say ""hi"", he",
            ,,'=SUM(A1),"[{""e"":1}]"
            ,,-5,
            """);
    assertThat(Csv.of(Json.MAPPER.readTree("[]"))).isEmpty();
  }

  @Test
  void yamlIsOneOfTheForms() {
    console.answer("GET /api/v1/finance/ledger/trial-balance", 200, BALANCE);

    assertThat(console.line("finance trial-balance -o yaml"))
        .startsWith("asOf: \"2026-11-30\"\naccounts:\n- account: REVENUE\n");
    assertThat(console.code("finance", "trial-balance", "-o", "xml")).isEqualTo(2);
  }

  @Test
  void whatIsTextInJsonIsTextInYaml() {
    String others = "12:30:45 1e3 1_000 0x1F .5 +7 .inf 2026-11-30 2026-11-30T15:00:00Z no ~";
    for (String text : others.split(" ")) {
      assertThat(Json.yaml(Json.object().put("name", text))).isEqualTo("name: \"" + text + "\"\n");
    }
    for (String text : "kr-ulsan-1 1.2.3-rc 2026-11-000001 0000-a e3 12h 한글".split(" ")) {
      assertThat(Json.yaml(Json.object().put("name", text))).isEqualTo("name: " + text + "\n");
    }
  }

  @Test
  void speaksKoreanWhenAsked() {
    console
        .answer("GET /api/v1/finance/ledger/trial-balance", 200, BALANCE)
        .answer("POST /api/v1/finance/payment-allocations/pal_1/take-back", 201, "{}");

    assertThat(console.with("LANG", "ko_KR.UTF-8").line("finance trial-balance"))
        .isEqualTo(
            """
            계정       차변    대변     잔액
            REVENUE       0  57,600  -57,600
            합계     57,600  57,600        0
            """);
    console.line("finance payments take-back pal_1 --comment x");
    assertThat(console.errors()).isEqualTo("pal_1 배정을 되돌렸습니다.\n");
    assertThat(console.line("finance trial-balance -o csv")).startsWith("account,");
    assertThat(console.with("GPUCLOUD_LANG", "en").line("finance trial-balance"))
        .startsWith("ACCOUNT");
  }

  @Test
  void everyCommandExplainsItselfInBothLanguages() {
    assertThat(console.line("finance agreements end --help"))
        .startsWith("Usage: gpucloud finance agreements end [")
        .contains("      --until=YYYY-MM-DD   Last day.")
        .contains("      REFERENCE            The contract's number.");
    console.with("GPUCLOUD_LANG", "ko");
    CommandLine tree = GpucloudCli.commandLine(console.context());
    tree.getSubcommands().values().forEach(line -> explained(line.getCommandSpec()));
    assertThat(console.line("finance agreements end --help"))
        .startsWith("사용법: gpucloud finance agreements end [")
        .contains("      --until=YYYY-MM-DD   마지막 날.")
        .contains("      REFERENCE            계약 번호.");
  }

  @Test
  void onlyWhatIsAskedForIsMadeAndEveryCommandBearsItsName() {
    Map<String, Class<?>> all = GpucloudCli.commands();
    all.forEach(
        (name, type) -> {
          CommandLine asked = GpucloudCli.commandLine(console.context(), all, name, "--help");
          assertThat(asked.getSubcommands().get(name).getCommandName()).isEqualTo(name);
          if (!name.equals("completion") && !name.equals("help")) {
            assertThat(asked.getSubcommands()).hasSize(1);
          }
        });
    for (String described : Described.NAMES) {
      assertThat(
              GpucloudCli.commandLine(console.context(), all, described, "list").getSubcommands())
          .containsOnlyKeys(described);
    }
    for (List<String> line : List.of(List.<String>of(), List.of("instanecs"), List.of("--help"))) {
      CommandLine asked =
          GpucloudCli.commandLine(console.context(), all, line.toArray(new String[0]));
      assertThat(asked.getSubcommands().keySet())
          .containsExactlyElementsOf(
              GpucloudCli.commandLine(console.context()).getSubcommands().keySet())
          .containsAll(all.keySet())
          .containsAll(Described.NAMES);
    }
  }

  @Test
  void linesUpWhateverTheLettersAre() {
    Terminal terminal = console.context().terminal();
    String decomposed = Normalizer.normalize("한빛", Normalizer.Form.NFD);

    assertThat(
            new Table()
                .left("NAME")
                .right("GPUS")
                .left("NOTE")
                .row("한빛 소재", "1", "계약\r\n둘째 줄")
                .row(decomposed, "16", "")
                .row("ｆｕｌｌ", "8", "👩‍🔬 ok")
                .row("𠀀\u001b[2J\nx", "8", "-")
                .render(terminal))
        .isEqualTo(
            """
            NAME       GPUS  NOTE
            한빛 소재     1  계약
                             둘째 줄
            %s         16  \

            ｆｕｌｌ      8  👩‍🔬 ok
            𠀀 [2J x      8  -
            """
                .formatted(decomposed));
  }

  @Test
  void aTableThatHasNoRoomBreaksTextAndLeavesColumnsOutFromTheRight() {
    Terminal narrow = console.context().terminal().within(30);
    Table table =
        new Table()
            .left("NAME")
            .right("GPUS")
            .left("REASON")
            .left("ID")
            .row("한빛", "16", "the NVLink bridge is replaced", "ins_1")
            .row("b", "8", "-", "ins_2");

    assertThat(table.render(narrow))
        .isEqualTo(
            """
            NAME  GPUS  REASON       ID
            한빛    16  the NVLink   ins_1
                        bridge is
                        replaced
            b        8  -            ins_2
            """);
    assertThat(table.render(console.context().terminal().within(20)))
        .isEqualTo(
            """
            NAME  GPUS  ID
            한빛    16  ins_1
            b        8  ins_2
            No room for: REASON (-o json has everything)
            """);
  }

  /** Each description has a Korean letter, all the way down. */
  private static void explained(CommandSpec command) {
    korean(command.qualifiedName(), command.usageMessage().description());
    command.args().forEach(a -> korean(command.qualifiedName() + " " + a, a.description()));
    command.subcommands().values().forEach(sub -> explained(sub.getCommandSpec()));
  }

  private static void korean(String what, String[] texts) {
    assertThat(texts).as(what).isNotEmpty();
    assertThat(texts).as(what).allMatch(text -> text.matches(".*[가-힣].*"));
  }
}
