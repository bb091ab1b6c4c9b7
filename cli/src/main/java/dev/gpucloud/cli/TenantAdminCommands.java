package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code tenants} does for the platform alone: open, suspend and resume. */
final class TenantAdminCommands {
  private static final String ALL = "/admin/tenants";

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
      ObjectNode body = body();
      JsonNode opened = api().post(ALL, body, repeat.key()).body();
      String name = Fields.text(opened, "slug");
      say("Opened %s.", name);
      if (body.path("members").isEmpty()) {
        say("Nobody owns %s yet; tenants invite invites an owner.", name);
      }
      print(opened, one -> TenantTable.one(one, terminal()));
      return ExitCode.OK;
    }

    private ObjectNode body() {
      ObjectNode body = options.body(context());
      put(body, "slug", slug);
      put(body, "kind", kind);
      if (!quota.isEmpty()) {
        ObjectNode limits = body.withObjectProperty("quota");
        quota.forEach(limits::put);
      }
      if (!projects.isEmpty()) {
        ArrayNode all = body.withArrayProperty("projects");
        projects.forEach(all::add);
      }
      if (!owners.isEmpty()) {
        ArrayNode all = body.withArrayProperty("members");
        owners.forEach((user, subject) -> owner(all.addObject(), user, subject));
      }
      return body;
    }

    private static void owner(ObjectNode member, String user, String subject) {
      member.put("subject", subject).put("username", user).putArray("roles").add("OWNER");
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
      String path = "/admin/imports/tenants" + new Query().with("validateOnly", only());
      JsonNode document = RequestFile.read(context(), file);
      print(api().post(path, document, repeat.key()).body(), this::table);
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

    String path() {
      return ALL + "/" + ApiClient.escape(tenant);
    }

    ExitCode move(String action, @Nullable JsonNode body) {
      JsonNode moved = act(path(), action, body);
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
  static final class Invite extends OfOne {
    @Parameters(index = "1", paramLabel = "EMAIL", description = "Whom to invite.")
    private String email = "";

    @Option(
        names = {"-r", "--role"},
        paramLabel = "ROLE",
        description = "OWNER, OPERATOR, VIEWER or BILLING_VIEWER; OWNER unless given.")
    private List<String> roles = List.of("OWNER");

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Invite(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ObjectNode body = Json.object().put("email", email);
      ArrayNode names = body.putArray("roles");
      roles.forEach(role -> names.add(RoleOptions.named(role)));
      print(
          api().post(path() + "/invitations", body, repeat.key()).body(),
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
      return move("suspend", Json.object().put("reason", reason));
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
      return move("resume", null);
    }
  }
}
