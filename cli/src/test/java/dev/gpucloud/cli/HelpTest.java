package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Manual pages, options that all commands of a kind have, stored logins. */
class HelpTest {
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
  void aManualPageHasItsSections() {
    assertThat(console.line("help fleet hosts drain").lines().filter(l -> l.matches("[A-Z ]+")))
        .containsExactly(
            "NAME", "SYNOPSIS", "DESCRIPTION", "ARGUMENTS", "OPTIONS", "EXAMPLES", "EXIT CODES");
    assertThat(console.line("help fleet hosts drain"))
        .startsWith("NAME\n  gpucloud fleet hosts drain - Empty it by a deadline;")
        .contains("(400, 413, 415, 422)")
        .contains("(409, 412, 428)")
        .contains("  6  refused as things stand");
    assertThat(console.line("help")).contains("COMMANDS\n");
    assertThat(console.with("GPUCLOUD_LANG", "ko").line("help login"))
        .startsWith("이름\n  gpucloud login - ")
        .contains("\n종료 코드\n  0  끝났습니다\n");
    assertThat(console.code("help", "fleet", "ships")).isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void everyListCanBeWatchedAndPrintedInEveryForm() {
    List<String> without = new ArrayList<>();
    look(GpucloudCli.commandLine(console.context()).getCommandSpec(), without);
    assertThat(without).isEmpty();
  }

  private static void look(CommandSpec command, List<String> without) {
    if (command.name().equals("list")
        && (command.findOption("--watch") == null || command.findOption("--output") == null)) {
      without.add(command.qualifiedName());
    }
    command.subcommands().values().forEach(sub -> look(sub.getCommandSpec(), without));
  }

  /** What a description gives as its example can be typed. */
  @Test
  void everyExampleIsACommandLine() {
    List<String> examples = new ArrayList<>();
    CommandLine line = GpucloudCli.commandLine(console.context());
    collect(line.getCommandSpec(), examples);
    assertThat(examples).hasSizeGreaterThan(40);
    for (String example : examples) {
      CliPageTest.parses(console, example.substring("gpucloud ".length()));
    }
  }

  private static void collect(CommandSpec command, List<String> examples) {
    for (String line : command.usageMessage().footer()) {
      if (line.strip().startsWith("gpucloud ")) {
        examples.add(line.strip().replace("%%", "%"));
      }
    }
    command.subcommands().values().forEach(sub -> collect(sub.getCommandSpec(), examples));
  }

  @Test
  void storedLoginsAreListedByTheirProfile() {
    TokenStore store = TokenStore.of(console.context());
    store.save("default", login("kim"));
    store.save("work", login("lee"));

    assertThat(console.line("profiles --profile work"))
        .isEqualTo(
            """
            IN USE  PROFILE  USER  SERVER
                    default  kim   https://api.example.com
            *       work     lee   https://api.example.com
            """);
    assertThat(console.line("profiles -o json")).doesNotContain("secret");
  }

  private TokenStore.Login login(String user) {
    return new TokenStore.Login(
        "https://api.example.com",
        "https://id.example.com",
        user,
        "secret",
        console.context().clock().instant(),
        "secret");
  }
}
