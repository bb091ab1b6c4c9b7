package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.AuditApi;
import dev.gpucloud.client.api.MeApi;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = "Who did what: read, export and check the audit log.",
    subcommands = {
      AuditCommand.ListAll.class,
      AuditCommand.Export.class,
      AuditCommand.Check.class,
      AuditCommand.Keys.class
    })
final class AuditCommand extends CommandGroup {
  AuditCommand(CliContext context) {}

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Newest first: what the platform's staff sees, or an owner of --tenant.")
  static final class ListAll extends ApiCommand {
    private static final Set<String> READS_ALL = Set.of("platform-admin", "auditor");

    @Option(names = "--tenant", paramLabel = "SLUG", description = "Only at this tenant.")
    private @Nullable String tenant;

    @Option(names = "--actor", paramLabel = "NAME", description = "Who did it.")
    private @Nullable String actor;

    @Option(
        names = "--action",
        paramLabel = "PREFIX",
        description = "Beginning of the action: tenant.member")
    private @Nullable String action;

    @Option(names = "--target", paramLabel = "ID", description = "What it was done to.")
    private @Nullable String target;

    @Option(names = "--result", paramLabel = "RESULT", description = "DONE or DENIED.")
    private @Nullable String result;

    @Option(names = "--request", paramLabel = "ID", description = "Id of the request.")
    private @Nullable String request;

    @Option(
        names = "--from",
        paramLabel = "TIME",
        description = "Not before this day in Seoul, or time: 2026-11-02T09:00:00+09:00")
    private @Nullable String from;

    @Option(
        names = "--to",
        paramLabel = "TIME",
        description = "Through this day in Seoul, or before this time.")
    private @Nullable String to;

    @Option(
        names = {"-n", "--limit"},
        paramLabel = "COUNT",
        defaultValue = "50",
        description = "Most entries (default: ${DEFAULT-VALUE}, at most 1000).")
    private int limit;

    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode page = api().get(entries()).body();
      print(page, entries -> table(entries, terminal()));
      return ExitCode.OK;
    }

    /** Staff is no member of tenants and reads the whole log; owners read their tenant's. */
    private Call<Call.Nothing, ?> entries() {
      return tenant == null || isStaff()
          ? AuditApi.adminAuditResourceListAudit()
              .pageSize(limit)
              .actor(actor)
              .action(action)
              .target(target)
              .result(result)
              .requestId(request)
              .from(from)
              .to(to)
              .tenant(tenant)
          : AuditApi.tenantAuditResourceListTenantAudit(tenant)
              .pageSize(limit)
              .actor(actor)
              .action(action)
              .target(target)
              .result(result)
              .requestId(request)
              .from(from)
              .to(to);
    }

    private boolean isStaff() {
      for (JsonNode role : api().get(MeApi.meResourceMe()).body().path("platformRoles")) {
        if (READS_ALL.contains(role.asText())) {
          return true;
        }
      }
      return false;
    }

    private static String table(JsonNode entries, Terminal terminal) {
      Table table =
          new Table()
              .right("NO")
              .left("TIME (KST)")
              .left("WHO")
              .left("ACTION")
              .left("TARGET")
              .left("RESULT")
              .left("ADDRESS");
      for (JsonNode entry : entries.path("items")) {
        table.row(
            Fields.text(entry, "sequence"),
            Fields.seoulTime(entry, "at"),
            Fields.first(entry, "actor.username", "actor.subject"),
            Fields.text(entry, "action"),
            Fields.first(entry, "target.id", "target.type"),
            result(entry),
            Fields.text(entry, "sourceAddress"));
      }
      return table.render(terminal);
    }

    private static String result(JsonNode entry) {
      long count = entry.path("count").asLong(1);
      String status = entry.hasNonNull("status") ? " " + entry.path("status").asInt() : "";
      return Fields.text(entry, "result") + status + (count > 1 ? " x" + count : "");
    }
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Write the chain in order to a file that 'gpucloud verify audit' proves.")
  static final class Export extends ApiCommand {
    private static final int A_PAGE = 10_000;

    @Parameters(paramLabel = "FILE", description = "A new file.")
    private Path file;

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        defaultValue = "jsonl",
        description = "jsonl or csv (default: ${DEFAULT-VALUE}).")
    private String format = "jsonl";

    @Option(
        names = "--from",
        paramLabel = "NO",
        description = "Number of the first entry, not a time (default: 1).")
    private long from = 1;

    @SuppressWarnings("NullAway.Init")
    Export(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      Path target = context().workingFolder().resolve(file);
      long written = 0;
      try (BufferedWriter out = Files.newBufferedWriter(target, StandardOpenOption.CREATE_NEW)) {
        for (long next = from; ; next += A_PAGE) {
          String text = page(next);
          long lines = text.lines().skip(1).count();
          // each answer begins with what it is; one file has that once
          out.write(next == from ? text : text.substring(text.indexOf('\n') + 1));
          written += lines;
          say("%,d entries".formatted(written));
          if (lines < A_PAGE) {
            break;
          }
        }
      } catch (FileAlreadyExistsException e) {
        throw new CliException(ExitCode.USAGE, "There is a file " + file + " already.");
      } catch (IOException e) {
        throw new CliException(ExitCode.USAGE, "Cannot write " + file + ": " + e.getMessage());
      }
      say("Wrote %s: %s.", file, reach(written));
      return ExitCode.OK;
    }

    /** What to note beside the file: 'gpucloud verify audit --through' asks for the last number. */
    private String reach(long written) {
      return written == 0
          ? "no entry from %d on".formatted(from)
          : "entries %d to %d".formatted(from, from + written - 1);
    }

    private String page(long first) {
      var call = AuditApi.adminAuditResourceExportAudit().format(format);
      return api().get(call.from(first).to(first + A_PAGE - 1)).text();
    }
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Let the service walk its own chain and checkpoints.")
  static final class Check extends ApiCommand {
    Check(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode found = api().send(AuditApi.adminAuditResourceVerifyAudit(), null, Map.of()).body();
      print(found, Json::pretty);
      return found.path("intact").asBoolean() ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }
  }

  @Command(
      name = "public-keys",
      mixinStandardHelpOptions = true,
      description = {
        "The keys that checkpoints are signed with.",
        "--file writes one as 'gpucloud verify audit' reads it."
      })
  static final class Keys extends ApiCommand {
    @Option(names = "--file", paramLabel = "FILE", description = "A new file for the key.")
    private @Nullable Path file;

    @Option(names = "--key", paramLabel = "ID", description = "Which key, if there are several.")
    private @Nullable String id;

    Keys(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode keys = api().get(AuditApi.adminAuditResourceListAuditKeys()).body();
      if (file == null) {
        print(keys, all -> table(all, terminal()));
      } else {
        write(file, only(keys));
      }
      return ExitCode.OK;
    }

    private JsonNode only(JsonNode keys) {
      List<JsonNode> found = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      for (JsonNode key : keys.path("items")) {
        ids.add(Fields.text(key, "keyId"));
        if (id == null || id.equals(ids.getLast())) {
          found.add(key);
        }
      }
      if (found.size() != 1) {
        throw new CliException(
            ExitCode.USAGE,
            found.isEmpty() ? "There is no such key." : "Which key?",
            "what to do: give --key, one of: " + String.join(", ", ids));
      }
      return found.getFirst();
    }

    private void write(Path name, JsonNode key) {
      try {
        Files.writeString(
            context().workingFolder().resolve(name),
            Fields.text(key, "publicKey") + "\n",
            StandardOpenOption.CREATE_NEW);
      } catch (FileAlreadyExistsException e) {
        throw new CliException(ExitCode.USAGE, "There is a file " + name + " already.");
      } catch (IOException e) {
        throw new CliException(ExitCode.USAGE, "Cannot write " + name + ": " + e.getMessage());
      }
      say("Wrote the key %s to %s.", Fields.text(key, "keyId"), name);
    }

    private static String table(JsonNode keys, Terminal terminal) {
      Table table = new Table().left("ID").left("ALGORITHM").left("PUBLIC KEY");
      for (JsonNode key : keys.path("items")) {
        table.row(
            Fields.text(key, "keyId"),
            Fields.text(key, "algorithm"),
            Fields.text(key, "publicKey"));
      }
      return table.render(terminal);
    }
  }
}
