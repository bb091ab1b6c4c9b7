package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "login",
    mixinStandardHelpOptions = true,
    description = {
      "Log in and remember it.",
      "Without options: shows an address to open in a browser and waits for you to confirm there.",
      "With --username: asks for the password (development realms only)."
    })
final class LoginCommand implements Callable<Integer> {
  @Mixin private final Connection connection = new Connection();

  @Option(
      names = {"-u", "--username"},
      paramLabel = "NAME",
      description = "Log in with a password instead of the browser.")
  private @Nullable String username;

  @Option(
      names = "--password-stdin",
      description = "Read the password from the first line of standard input.")
  private boolean passwordStdin;

  @Option(
      names = "--dev",
      description = "Take the generated password from the dev stack of this folder.")
  private boolean dev;

  private final CliContext context;

  LoginCommand(CliContext context) {
    this.context = context;
    connection.attach(context);
  }

  @Override
  public Integer call() {
    String server = connection.server().toString();
    String issuer = connection.issuer().toString();
    OidcClient.Tokens tokens =
        username == null
            ? connection.oidc().device(this::show)
            : connection.oidc().password(username, password(username));
    String name = nameIn(tokens.accessToken());
    connection
        .store()
        .save(
            connection.profile(),
            new TokenStore.Login(
                server,
                issuer,
                name,
                tokens.accessToken(),
                tokens.expiresAt(),
                tokens.refreshToken()));
    context
        .terminal()
        .out()
        .println(context.terminal().text("Logged in as %s at %s.").formatted(name, server));
    context.terminal().out().flush();
    return ExitCode.OK.code();
  }

  private void show(OidcClient.DevicePrompt prompt) {
    Terminal terminal = context.terminal();
    terminal.err().println(terminal.text("Open this address and confirm:"));
    terminal.err().println("  " + terminal.styled(Terminal.Style.BOLD, prompt.completeUri()));
    terminal
        .err()
        .println(terminal.text("or open %s and type %s.").formatted(prompt.uri(), prompt.code()));
    terminal.err().println(terminal.text("Whoever has no login yet registers there."));
    terminal.err().flush();
  }

  private String password(String user) {
    if (passwordStdin) {
      String line = context.terminal().readLine();
      if (line == null || line.isEmpty()) {
        throw new CliException(
            ExitCode.USAGE,
            "Standard input has no password.",
            "example: printf '%s\\n' \"$PASSWORD\" | gpucloud login -u NAME --password-stdin");
      }
      return line;
    }
    if (dev) {
      return DevStackFile.find(context)
          .flatMap(file -> file.passwordOf(user))
          .orElseThrow(
              () ->
                  new CliException(
                      ExitCode.USAGE,
                      "The dev stack of this folder knows no user " + user + ".",
                      "what to do: ./gpucloud up lists its users"));
    }
    String typed =
        context.terminal().readSecret(context.terminal().text("Password of %s: ").formatted(user));
    if (typed == null || typed.isEmpty()) {
      throw new CliException(
          ExitCode.USAGE,
          "There is no terminal to ask for the password at.",
          "what to do: give --password-stdin, or --dev for a user of the dev stack");
    }
    return typed;
  }

  /** For display only: whether the token is good is the server's to say. */
  static String nameIn(String accessToken) {
    String[] parts = accessToken.split("\\.");
    if (parts.length < 2) {
      return "(unknown)";
    }
    try {
      byte[] payload = Base64.getUrlDecoder().decode(parts[1]);
      JsonNode claims = Json.parseOrMissing(new String(payload, StandardCharsets.UTF_8));
      return claims.path("preferred_username").asText(claims.path("sub").asText("(unknown)"));
    } catch (IllegalArgumentException e) {
      return "(unknown)";
    }
  }
}
