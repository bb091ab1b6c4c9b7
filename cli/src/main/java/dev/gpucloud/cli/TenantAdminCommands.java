package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.OnboardingApi;
import dev.gpucloud.client.api.TenantsOfThePlatformApi;
import dev.gpucloud.client.model.Invite;
import dev.gpucloud.client.model.MemberDeclaration;
import dev.gpucloud.client.model.TenantDeclaration;
import dev.gpucloud.client.model.TenantDocument;
import dev.gpucloud.client.model.TenantReason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code tenants} does for the platform alone: open, suspend and resume. */
final class TenantAdminCommands {
  private TenantAdminCommands() {}

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = {
        "Open a tenant with its quota, projects and owners, all or nothing (platform).",
        "What has no option, such as projects with labels, comes from a file."
      },
      footer = {
        "",
        "A subsidiary with an owner and a project:",
        "  tenants create hanbit-materials -n \"Hanbit Materials\" --kind SUBSIDIARY \\",
        "    --parent hanbit-group --billing-mode GROUP_SERVICE \\",
        "    --business-number 000-00-00048 --project research --owner lee=7e2a9b63-..."
      })
  static final class Create extends ApiCommand {
    @Parameters(
        arity = "0..1",
        paramLabel = "SLUG",
        description = "Its short name in addresses, for ever.")
    private @Nullable String slug;

    @Option(
        names = "--kind",
        paramLabel = "KIND",
        description = "GROUP, SUBSIDIARY (of --parent) or EXTERNAL (with --segment).")
    private @Nullable String kind;

    @Mixin private final TenantOptions options = new TenantOptions();

    @Option(
        names = "--quota",
        paramLabel = "MODEL=GPUS",
        description = "Most GPUs of a model; may be repeated.")
    private Map<String, Integer> quota = Map.of();

    @Option(
        names = {"-p", "--project"},
        paramLabel = "SLUG",
        description = "A project to begin with; may be repeated.")
    private List<String> projects = List.of();

    @Option(
        names = "--owner",
        paramLabel = "USER=SUBJECT",
        description = "An owner, as their own whoami shows them; may be repeated.")
    private Map<String, String> owners = Map.of();

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      TenantDeclaration body = body();
      var call = OnboardingApi.openTenantResourceOpen();
      JsonNode opened = api().post(call, body, repeat.key()).body();
      String name = Fields.text(opened, "slug");
      say("Opened %s.", name);
      if (body.members().isEmpty()) {
        say("Nobody owns %s yet; tenants invite invites an owner.", name);
      }
      print(opened, one -> TenantTable.one(one, terminal()));
      return ExitCode.OK;
    }

    /** What the options say beside what the file has. */
    private TenantDeclaration body() {
      TenantDeclaration body = new TenantDeclaration(options.body(context()));
      body.slug(slug).kind(kind);
      ObjectNode json = body.json();
      if (!quota.isEmpty()) {
        ObjectNode limits = json.withObjectProperty("quota");
        quota.forEach(limits::put);
      }
      if (!projects.isEmpty()) {
        ArrayNode all = json.withArrayProperty("projects");
        projects.forEach(all::add);
      }
      List<MemberDeclaration> members = new ArrayList<>(body.members());
      owners.forEach((user, subject) -> members.add(owner(user, subject)));
      body.members(members.isEmpty() ? null : members);
      return body;
    }

    private static MemberDeclaration owner(String user, String subject) {
      return new MemberDeclaration().subject(subject).username(user).roles(List.of("OWNER"));
    }
  }

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = {
        "Have the tenants of a document as it declares them (platform).",
        "What is there already is changed where it differs; the same document again changes"
            + " nothing."
      })
  static final class Import extends ApiCommand {
    private static final Columns COUNTS =
        new Columns()
            .text("WHAT", "what")
            .number("CREATED", "created")
            .number("CHANGED", "updated")
            .number("AS THEY WERE", "unchanged");

    @Parameters(paramLabel = "FILE", description = "YAML or JSON with 'tenants'.")
    private Path file = Path.of("");

    @Option(names = "--validate-only", description = "Say what it would do, and do nothing.")
    private boolean validateOnly;

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Import(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var call = OnboardingApi.importTenantsResourceImportTenants().validateOnly(only());
      TenantDocument document = new TenantDocument(RequestFile.read(context(), file));
      print(api().post(call, document, repeat.key()).body(), this::table);
      return ExitCode.OK;
    }

    private @Nullable Boolean only() {
      return validateOnly ? true : null;
    }

    private String table(JsonNode report) {
      ArrayNode rows = Json.MAPPER.createArrayNode();
      for (String what : new String[] {"tenants", "projects", "members", "quotas"}) {
        ObjectNode row = rows.addObject().put("what", what);
        report.path(what).properties().forEach(count -> row.set(count.getKey(), count.getValue()));
      }
      return COUNTS.table(rows, terminal());
    }
  }

  /** A command on one tenant, which the platform's staff names: they are members of none. */
  abstract static class OfOne extends ApiCommand {
    @Parameters(index = "0", paramLabel = "TENANT", description = "Slug or id.")
    private String tenant = "";

    OfOne(CliContext context) {
      super(context);
    }

    final String tenant() {
      return tenant;
    }

    <B> ExitCode move(Call<B, ?> action, @Nullable B body) {
      var now = TenantsOfThePlatformApi.adminTenantResourceShow(tenant);
      JsonNode moved = act(now, action, body);
      print(moved, this::state);
      return ExitCode.OK;
    }

    private String state(JsonNode moved) {
      String stopAt = Fields.seoulTime(moved, "suspension.stopAt");
      return text("The tenant is %s.%n", Fields.text(moved, "state"))
          + (stopAt.equals(Fields.NONE) ? "" : text("What runs is stopped at %s.%n", stopAt));
    }
  }

  @Command(
      name = "invite",
      mixinStandardHelpOptions = true,
      description = {
        "Invite somebody to a tenant, as its first owner for example (platform).",
        "Prints the token to accept with, once."
      })
  static final class InviteTo extends OfOne {
    @Parameters(index = "1", paramLabel = "EMAIL", description = "Whom to invite.")
    private String email = "";

    @Option(
        names = {"-r", "--role"},
        paramLabel = "ROLE",
        description = "OWNER, OPERATOR, VIEWER or BILLING_VIEWER; OWNER unless given.")
    private List<String> roles = List.of("OWNER");

    @Mixin private final RepeatOption repeat = new RepeatOption();

    InviteTo(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      Invite body = new Invite().email(email);
      body.roles(roles.stream().map(RoleOptions::named).toList());
      var call = OnboardingApi.adminInvitationResourceInviteToTenant(tenant());
      print(
          api().post(call, body, repeat.key()).body(),
          made -> InvitationsCommand.made(this, made, TenantCommand.roles(made, id -> id)));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "suspend",
      mixinStandardHelpOptions = true,
      description = "Let a tenant start nothing new until it is resumed (platform).")
  static final class Suspend extends OfOne {
    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "Why, as the tenant is told.")
    private String reason = "";

    Suspend(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var call = TenantsOfThePlatformApi.adminTenantResourceSuspend(tenant());
      return move(call, new TenantReason().reason(reason));
    }
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description =
          "Let a suspended tenant work again; an announced stop is called off (platform).")
  static final class Resume extends OfOne {
    Resume(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return move(TenantsOfThePlatformApi.adminTenantResourceResume(tenant()), null);
    }
  }
}
