package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.MembersApi;
import dev.gpucloud.client.model.SetMember;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "members",
    mixinStandardHelpOptions = true,
    description = "Who has which roles at a tenant and at its projects.",
    subcommands = {
      MembersCommand.ListAll.class,
      MembersCommand.Change.class,
      MembersCommand.Remove.class
    })
final class MembersCommand extends TenantCommand {
  MembersCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    return list(this);
  }

  private static ExitCode list(TenantCommand of) {
    return of.show(of.api().list(MembersApi.memberResourceList(of.tenant())), columns(of));
  }

  private static Columns columns(TenantCommand of) {
    return new Columns()
        .text("USER", "username")
        .left("ROLES", of::roles)
        .text("SUBJECT", "subject");
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "All of a tenant.")
  static final class ListAll extends TenantCommand {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return list(this);
    }
  }

  /** A command on one member as it is now. */
  abstract static class OfOne extends TenantCommand {
    @Parameters(paramLabel = "USER", description = "Name or subject, as listed.")
    private String user = "";

    OfOne(CliContext context) {
      super(context);
    }

    /** By subject, else by name, which two people of several providers may have. */
    final JsonNode member() {
      JsonNode found = null;
      for (JsonNode one : api().list(MembersApi.memberResourceList(tenant())).path("items")) {
        if (one.path("subject").asText().equals(user)) {
          return one;
        }
        if (one.path("username").asText().equals(user)) {
          if (found != null) {
            throw new CliException(
                ExitCode.USAGE, "Several members are called " + user + "; give the subject.");
          }
          found = one;
        }
      }
      if (found == null) {
        throw new CliException(
            ExitCode.NOT_FOUND,
            "There is no member " + user + " here.",
            "what to do: gpucloud invitations create E-MAIL --role ROLE");
      }
      return found;
    }

    static String subject(JsonNode member) {
      return member.path("subject").asText();
    }
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Give a member these roles and no others, everywhere within seconds (owners).")
  static final class Change extends OfOne {
    @Mixin private final RoleOptions roles = new RoleOptions();

    Change(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      SetMember body = new SetMember().roles(roles.atTenant());
      body.projectRoles(roles.atProjects(this::projectId));
      JsonNode now = member();
      body.username(now.path("username").asText());
      var call = MembersApi.memberResourceSet(subject(now), tenant());
      return showOne(api().send(call, body, ifMatch(now)).body(), columns(this));
    }
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Take every role away, everywhere within seconds (owners).")
  static final class Remove extends OfOne {
    Remove(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode now = member();
      api().send(MembersApi.memberResourceRemove(subject(now), tenant()), null, ifMatch(now));
      say("Removed %s.", now.path("username").asText());
      return ExitCode.OK;
    }
  }
}
