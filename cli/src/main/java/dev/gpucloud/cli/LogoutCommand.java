package dev.gpucloud.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "logout",
    mixinStandardHelpOptions = true,
    description = "End the session and forget its tokens.")
final class LogoutCommand implements Callable<Integer> {
  @Mixin private final Connection connection = new Connection();
  private final CliContext context;

  LogoutCommand(CliContext context) {
    this.context = context;
    connection.attach(context);
  }

  @Override
  public Integer call() {
    Optional<TokenStore.Login> login = connection.store().find(connection.profile());
    if (login.isEmpty()) {
      context.terminal().out().println("Nobody was logged in.");
    } else {
      endSession(login.get());
      connection.store().remove(connection.profile());
      context.terminal().out().println("Logged out " + login.get().username() + ".");
    }
    context.terminal().out().flush();
    return ExitCode.OK.code();
  }

  private void endSession(TokenStore.Login login) {
    try {
      connection.oidc().logout(login.refreshToken());
    } catch (CliException unreachable) {
      context
          .terminal()
          .err()
          .println(
              "The session could not be ended at the identity provider; tokens are forgotten.");
      context.terminal().err().flush();
    }
  }
}
