package dev.gpucloud.devstack.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.cli.CliContext;
import dev.gpucloud.cli.Terminal;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of the dev stack in Korean, where there is no stack. */
class StackLanguageTest {
  @TempDir Path folder;
  private final StringWriter printed = new StringWriter();

  @ParameterizedTest
  @ValueSource(strings = {"up", "demo", "status", "logs", "clock", "down", "reset"})
  void explainsItselfInKorean(String command) {
    assertThat(run(command, "--help")).isZero();

    assertThat(printed.toString())
        .containsPattern("[가-힣]")
        .doesNotContainPattern("[a-z]{2,} [a-z]{2,} [a-z]{2,}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "down|GPU 클라우드가 실행 중이 아닙니다.",
        "status|오류: 스택이 실행 중이 아닙니다. ./gpucloud up으로 시작하세요.",
        "logs|오류: 아직 로그가 없습니다. ./gpucloud up으로 스택을 시작하세요.",
        "clock back|오류: back 말고 show, freeze, step, run 가운데 하나를 쓰세요.",
        "clock step soon|오류: 8h, 2d, PT30M 같은 길이도, 2026-11-03T09:00:00+09:00 같은 시각도 아닙니다: soon",
        "reset|오류: 아무것도 지우지 않았습니다. 묻지 않고 지우려면 --yes를 쓰세요.",
        "demo|오류: 여기에는 개발 스택이 없습니다."
      })
  void answersInKorean(String line, String answer) {
    run(line.split(" "));

    assertThat(printed.toString().lines().findFirst()).contains(answer);
  }

  private int run(String... words) {
    PrintWriter out = new PrintWriter(printed);
    return GpucloudMain.execute(
        new CliContext(
            new Terminal(out, out, Reader.nullReader(), false, false),
            Map.of("GPUCLOUD_LANG", "ko", "GPUCLOUD_HOME", folder.toString()),
            folder,
            InstantSource.system()),
        words);
  }
}
