package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CliPageTest {
  @Test
  void pageListsEveryExitCode() throws IOException {
    String root = Objects.requireNonNull(System.getProperty("gpucloud.root"), "gpucloud.root");
    assertThat(
            Files.readAllLines(Path.of(root, "docs", "cli.md")).stream()
                .filter(line -> line.matches("\\| [0-9]+ \\| .*"))
                .map(line -> Integer.parseInt(line.split(" ")[1])))
        .containsExactlyElementsOf(Arrays.stream(ExitCode.values()).map(ExitCode::code).toList());
  }
}
