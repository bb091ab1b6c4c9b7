package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliPageTest {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @Test
  void pageListsEveryExitCode() throws IOException {
    String root = Objects.requireNonNull(System.getProperty("gpucloud.root"), "gpucloud.root");
    assertThat(
            Files.readAllLines(Path.of(root, "docs", "cli.md")).stream()
                .filter(line -> line.matches("\\| [0-9]+ \\| .*"))
                .map(line -> Integer.parseInt(line.split(" ")[1])))
        .containsExactlyElementsOf(Arrays.stream(ExitCode.values()).map(ExitCode::code).toList());
  }

  @Test
  void everyCommandOfTheOnboardingPageIsOne(@TempDir Path folder) throws IOException {
    String root = Objects.requireNonNull(System.getProperty("gpucloud.root"), "gpucloud.root");
    List<String> commands =
        Files.readAllLines(Path.of(root, "docs", "onboarding.md")).stream()
            .filter(line -> line.startsWith("gpucloud "))
            .map(line -> line.substring("gpucloud ".length()).replaceFirst(" +#.*", ""))
            .toList();
    assertThat(commands).hasSizeGreaterThan(10);
    try (Console console = new Console(folder)) {
      commands.forEach(command -> parses(console, command));
    }
  }

  @Test
  void pageNamesEveryCommandOfTheFleet() throws IOException {
    String root = Objects.requireNonNull(System.getProperty("gpucloud.root"), "gpucloud.root");
    String page = Files.readString(Path.of(root, "docs", "cli.md"));
    String fleet = page.substring(page.indexOf("## Fleet"), page.indexOf("## Audit"));
    Described.fleet()
        .forEach(
            kind -> {
              assertThat(fleet).contains(kind.name() + " ");
              kind.verbs().forEach(verb -> assertThat(fleet).contains(verb.name()));
            });
  }

  /** Fails on what is no command line. */
  static void parses(Console console, String command) {
    GpucloudCli.commandLine(console.context()).parseArgs(words(command));
  }

  private static String[] words(String command) {
    return WORD.matcher(command)
        .results()
        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
        .toArray(String[]::new);
  }
}
