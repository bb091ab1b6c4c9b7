package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.InvitationsApi;
import dev.gpucloud.client.model.AcceptInvitation;
import dev.gpucloud.client.model.Invite;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
final class InvitationsCommand extends CommandGroup {
  InvitationsCommand(CliContext context) {}

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Those of a tenant.")
  static final class ListAll extends TenantCommand {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var columns =
          new Columns()
              .text("E-MAIL", "email")
              .left("ROLES", this::roles)
              .text("STATE", "state")
              .time("UNTIL (SEOUL)", "expiresAt")
              .text("ID", "id");
      return show(api().list(InvitationsApi.invitationResourceList(tenant())), columns);
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
        names = {"-r", "--role"},
        paramLabel = "ROLE",
        description = "OWNER, OPERATOR, VIEWER or BILLING_VIEWER; may be given several times.")
    private List<String> roles = List.of();

    @Option(
        names = {"-p", "--project"},
        paramLabel = "PROJECT",
        description = "Give the roles at this project (slug or id) and not at the tenant.")
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
      List<String> names = roles.stream().map(RoleOptions::named).toList();
      Invite body = new Invite().email(email);
      if (project == null) {
        body.roles(names);
      } else {
        body.projectRoles(Map.of(projectId(project), names));
      }
      String once = key == null ? ApiClient.newIdempotencyKey() : key;
      print(
          api().post(InvitationsApi.invitationResourceInvite(tenant()), body, once).body(),
          made -> made(this, made, roles(made)));
      return ExitCode.OK;
    }
  }

  /** What who invites is told of it. */
  static String made(ApiCommand command, JsonNode invitation, String roles) {
    String token = Fields.text(invitation, "token");
    return command.text(
            "Invited %s as %s until %s (Seoul).%n",
            Fields.text(invitation, "email"), roles, Fields.seoulTime(invitation, "expiresAt"))
        + (token.equals(Fields.NONE)
            ? command.text("The token was shown when the invitation was made.%n")
            : command.text("To accept, that person runs: gpucloud invitations accept %s%n", token));
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
      var call = InvitationsApi.invitationResourceRevoke(invitation, tenant());
      api().delete(call, ApiClient.newIdempotencyKey());
      say("Revoked the invitation %s.", invitation);
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
      AcceptInvitation body = new AcceptInvitation().token(token);
      var call = InvitationsApi.acceptInvitationResourceAccept();
      print(
          api().post(call, body, ApiClient.newIdempotencyKey()).body(),
          accepted ->
              text(
                  "You are a member of %s now: %s.%n",
                  Fields.text(accepted, "tenantSlug"),
                  TenantCommand.roles(accepted.path("member"), id -> id)));
      return ExitCode.OK;
    }
  }
}
