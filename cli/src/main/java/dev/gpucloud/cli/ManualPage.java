package dev.gpucloud.cli;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;

/** A command as a manual page has it: name, synopsis, description, options, exit codes. */
final class ManualPage {
  private final CommandSpec spec;
  private final Help help;
  private final Terminal terminal;
  private final StringBuilder page = new StringBuilder();

  ManualPage(CommandLine command, Terminal terminal) {
    this.spec = command.getCommandSpec();
    this.help = command.getHelp();
    this.terminal = terminal;
  }

  String text() {
    String description = description();
    section("NAME", spec.qualifiedName() + " - " + description.lines().findFirst().orElse(""));
    section("SYNOPSIS", help.synopsis(0));
    section("DESCRIPTION", description);
    section("ARGUMENTS", help.parameterList());
    section("OPTIONS", help.optionList());
    section("COMMANDS", help.commandList());
    if (spec.parent() != null) {
      section("EXAMPLES", examples());
    }
    section("EXIT CODES", exitCodes());
    return page.toString();
  }

  private String description() {
    return help.description();
  }

  /** What stands below the help, without its own heading. */
  private String examples() {
    return Arrays.stream(spec.usageMessage().footer())
        .filter(line -> line.startsWith(" "))
        .map(line -> line.strip().replace("%%", "%"))
        .collect(joining("\n"));
  }

  private String exitCodes() {
    return Arrays.stream(ExitCode.values())
        .map(code -> code.code() + "  " + terminal.text(code.meaning()))
        .collect(joining("\n"));
  }

  private String text(String english) {
    return terminal.text(english);
  }

  private void section(String heading, String body) {
    String shown = body.strip();
    if (shown.isEmpty()) {
      return;
    }
    page.append(page.isEmpty() ? "" : "\n")
        .append(terminal.styled(Terminal.Style.BOLD, text(heading)))
        .append('\n');
    body.stripTrailing()
        .lines()
        .dropWhile(String::isBlank)
        .forEach(line -> page.append(line.isBlank() ? "" : "  " + line).append('\n'));
  }
}
