package dev.gpucloud.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Print a shell completion script.",
      "bash: source <(gpucloud completion bash)",
      "zsh: source <(gpucloud completion zsh)"
    })
final class CompletionCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private Shell shell = Shell.bash;

  @Spec private CommandLine.Model.CommandSpec spec;
  private final CliContext context;

  @SuppressWarnings("NullAway.Init")
  CompletionCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    if (shell == Shell.zsh) {
      context.terminal().out().println("autoload -U +X compinit && compinit");
      context.terminal().out().println("autoload -U +X bashcompinit && bashcompinit");
    }
    context.terminal().out().print(AutoComplete.bash(root.getCommandName(), root));
    context.terminal().out().flush();
    return ExitCode.OK.code();
  }

  /** A shell we write completion for; named as typed. */
  enum Shell {
    bash,
    zsh
  }
}
