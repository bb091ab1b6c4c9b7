package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "invitations",
    mixinStandardHelpOptions = true,
    description = "Invite people to a tenant, list and revoke invitations, accept one.",
    subcommands = {
      InvitationsCommand.ListAll.class,
      InvitationsCommand.Create.class,
      InvitationsCommand.Revoke.class,
      InvitationsCommand.Accept.class
    })
final class InvitationsCommand implements Runnable {
  @Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  InvitationsCommand(CliContext context) {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing subcommand.");
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Those of a tenant.")
  static final class ListAll extends TenantCommand {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().list(tenantPath() + "/invitations"), this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode invitations) {
      Table table = new Table().left("E-MAIL").left("ROLES").left("STATE").left("UNTIL").left("ID");
      for (JsonNode invitation : invitations.path("items")) {
        table.row(
            Fields.text(invitation, "email"),
            roles(invitation),
            Fields.text(invitation, "state"),
            Fields.text(invitation, "expiresAt"),
            Fields.text(invitation, "id"));
      }
      return table.render(terminal());
    }
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Invite an e-mail address; prints the token to accept with, once.")
  static final class Create extends TenantCommand {
    @Parameters(paramLabel = "EMAIL", description = "Whom to invite.")
    private String email = "";

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        description = "OWNER, OPERATOR, VIEWER or BILLING_VIEWER; may be given several times.")
    private List<String> roles = List.of();

    @Option(
        names = {"-p", "--project"},
        paramLabel = "PROJECT",
        description = "Give the roles at this project (prj_...) and not at the tenant.")
    private @Nullable String project;

    @Option(
        names = "--idempotency-key",
        paramLabel = "KEY",
        description = "Repeat an earlier request: same key, same answer, but without the token.")
    private @Nullable String key;

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ArrayNode names = Json.MAPPER.createArrayNode();
      roles.forEach(role -> names.add(role.toUpperCase(Locale.ROOT).replace('-', '_')));
      ObjectNode body = Json.object().put("email", email);
      if (project == null) {
        body.set("roles", names);
      } else {
        body.putObject("projectRoles").set(project, names);
      }
      String once = key == null ? ApiClient.newIdempotencyKey() : key;
      print(api().post(tenantPath() + "/invitations", body, once).body(), Create::text);
      return ExitCode.OK;
    }

    private static String text(JsonNode invitation) {
      String token = Fields.text(invitation, "token");
      return "Invited %s as %s until %s.\n"
              .formatted(
                  Fields.text(invitation, "email"),
                  TenantCommand.roles(invitation),
                  Fields.text(invitation, "expiresAt"))
          + (token.equals(Fields.NONE)
              ? "The token was shown when the invitation was made.\n"
              : "To accept, that person runs: gpucloud invitations accept " + token + "\n");
    }
  }

  @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Take one back.")
  static final class Revoke extends TenantCommand {
    @Parameters(paramLabel = "INVITATION", description = "Its id.")
    private String invitation = "";

    Revoke(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      String path = tenantPath() + "/invitations/" + ApiClient.escape(invitation);
      api().delete(path, ApiClient.newIdempotencyKey());
      say("Revoked.");
      return ExitCode.OK;
    }
  }

  @Command(
      name = "accept",
      mixinStandardHelpOptions = true,
      description = "Accept an invitation to the e-mail address of your login.")
  static final class Accept extends ApiCommand {
    @Parameters(paramLabel = "TOKEN", description = "As it was given to you; begins with gci_.")
    private String token = "";

    Accept(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ObjectNode body = Json.object().put("token", token);
      print(
          api().post("/invitations/accept", body, ApiClient.newIdempotencyKey()).body(),
          accepted ->
              "You are a member of %s now: %s.\n"
                  .formatted(
                      Fields.text(accepted, "tenantSlug"),
                      TenantCommand.roles(accepted.path("member"))));
      return ExitCode.OK;
    }
  }
}
