package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.client.api.WebhooksApi;
import dev.gpucloud.client.model.SetWebhook;
import dev.gpucloud.client.model.Webhook;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "webhooks",
    mixinStandardHelpOptions = true,
    description = "Have your programs told what happens.",
    subcommands = {
      WebhooksCommand.ListAll.class,
      WebhooksCommand.Create.class,
      WebhooksCommand.Show.class,
      WebhooksCommand.Edit.class,
      WebhooksCommand.Delete.class,
      WebhooksCommand.Test.class,
      WebhooksCommand.Rotate.class
    })
final class WebhooksCommand extends CommandGroup {
  /** Every kind of notification, as the API calls it. */
  private static final String EVERY = "*";

  WebhooksCommand(CliContext context) {}

  /** A command on one webhook. */
  abstract static class OfOne extends TenantCommand {
    @Parameters(paramLabel = "ID", description = "Id of the webhook: whk_...")
    private String id = "";

    OfOne(CliContext context) {
      super(context);
    }

    String id() {
      return id;
    }

    JsonNode now() {
      return api().get(WebhooksApi.webhookResourceShow(tenant(), id)).body();
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Those of a tenant.")
  static final class ListAll extends TenantCommand {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      print(api().list(WebhooksApi.webhookResourceList(tenant())), this::table);
      return ExitCode.OK;
    }

    private String table(JsonNode webhooks) {
      Table table =
          new Table()
              .left("ID")
              .left("STATE")
              .left("URL")
              .left("KINDS")
              .left("EVENTS")
              .left("FAILING SINCE");
      for (JsonNode webhook : webhooks.path("items")) {
        table.row(
            Fields.text(webhook, "id"),
            Fields.text(webhook, "state"),
            Fields.text(webhook, "url"),
            kinds(webhook),
            events(webhook),
            Fields.seoulTime(webhook, "failingSince"));
      }
      return table.render(terminal());
    }
  }

  private static String kinds(JsonNode webhook) {
    String named = Json.joined(webhook.path("kinds"));
    if (named.isEmpty()) {
      return webhook.path("events").isEmpty() ? "all" : "none";
    }
    return named.equals(EVERY) ? "all" : named;
  }

  private static String events(JsonNode webhook) {
    return webhook.path("events").isEmpty() ? "none" : Json.joined(webhook.path("events"));
  }

  private static List<String> asked(List<String> kinds) {
    return kinds.contains("all") ? List.of(EVERY) : kinds;
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make a webhook. Its secret is shown once: give it to the receiver.")
  static final class Create extends TenantCommand {
    @Parameters(paramLabel = "URL", description = "Where messages go: https://...")
    private String url = "";

    @Option(
        names = {"-k", "--kind"},
        paramLabel = "KIND",
        description =
            "Only this kind of notification, such as budget.exhausted; may be repeated, 'all' for"
                + " every kind (default: all, or none beside events).")
    private List<String> kinds = List.of();

    @Option(
        names = {"-e", "--event"},
        paramLabel = "TYPE",
        description =
            "Also events of this type, such as instance.started or instance.*; may be repeated.")
    private List<String> events = List.of();

    @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
    private @Nullable String description;

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      SetWebhook body = new SetWebhook().url(url).kinds(kinds.isEmpty() ? null : asked(kinds));
      body.events(events.isEmpty() ? null : events);
      body.description(description);
      var call = WebhooksApi.webhookResourceCreate(tenant());
      JsonNode made = api().post(call, body, ApiClient.newIdempotencyKey()).body();
      requireSecret(made);
      say("Made %s. The secret is not shown again:", made.path("id").asText());
      print(made, one -> one.path("secret").asText() + "\n");
      return ExitCode.OK;
    }
  }

  private static void requireSecret(JsonNode answer) {
    if (!answer.hasNonNull("secret")) {
      throw new CliException(
          ExitCode.UNAVAILABLE,
          "The answer that showed the secret was lost on its way.",
          "what to do: gpucloud webhooks rotate " + answer.path("id").asText());
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "One webhook, with what it was told lately.")
  static final class Show extends OfOne {
    private static final int LATEST = 20;

    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ObjectNode shown = Json.object();
      shown.set("webhook", now());
      var latest = WebhooksApi.webhookResourceDispatches(tenant(), id()).pageSize(LATEST);
      shown.set("dispatches", api().get(latest).body().path("items"));
      print(shown, this::text);
      return ExitCode.OK;
    }

    private String text(JsonNode shown) {
      JsonNode webhook = shown.path("webhook");
      Table fields = new Table().left("FIELD").left("VALUE");
      fields.row("id", Fields.text(webhook, "id"));
      fields.row("url", Fields.text(webhook, "url"));
      fields.row("state", Fields.text(webhook, "state"));
      fields.row("kinds", kinds(webhook));
      fields.row("events", events(webhook));
      fields.row("description", Fields.text(webhook, "description"));
      fields.row("failing since", Fields.seoulTime(webhook, "failingSince"));
      fields.row("last problem", Fields.text(webhook, "lastProblem"));
      Table told = new Table().left("KIND").left("STATE").right("TRIES").right("STATUS").left("AT");
      for (JsonNode dispatch : shown.path("dispatches")) {
        told.row(
            Fields.text(dispatch, "kind"),
            Fields.text(dispatch, "state"),
            Fields.text(dispatch, "attempts"),
            Fields.text(dispatch, "lastStatus"),
            Fields.seoulTime(dispatch, "createdAt"));
      }
      return fields.render(terminal()) + "\n" + told.render(terminal());
    }
  }

  @Command(
      name = "edit",
      mixinStandardHelpOptions = true,
      description = "Change what is given; the rest stays.",
      footer = {"%nExample:", "  gpucloud webhooks edit whk_... -k budget.exhausted --pause"})
  static final class Edit extends OfOne {
    @Option(names = "--url", paramLabel = "URL", description = "Where messages go: https://...")
    private @Nullable String url;

    @Option(
        names = {"-k", "--kind"},
        paramLabel = "KIND",
        description = "Only this kind; may be repeated, 'all' for every kind.")
    private List<String> kinds = List.of();

    @Option(
        names = {"-e", "--event"},
        paramLabel = "TYPE",
        description = "Events of this type; may be repeated, 'none' for no event.")
    private List<String> events = List.of();

    @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
    private @Nullable String description;

    @Option(
        names = "--pause",
        description = "Send it nothing; --no-pause sends again.",
        negatable = true)
    private @Nullable Boolean pause;

    Edit(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      Webhook before = new Webhook((ObjectNode) now());
      SetWebhook body =
          new SetWebhook()
              .url(url == null ? before.url() : url)
              .description(description == null ? before.description() : description)
              .enabled(pause == null ? "ACTIVE".equals(before.state()) : !pause);
      set(body, "kinds", asked(kinds), before);
      set(body, "events", events, before);
      var call = WebhooksApi.webhookResourceSet(tenant(), id());
      JsonNode set = api().send(call, body, ifMatch(before.json())).body();
      if (hears(set).isEmpty() && !hears(before.json()).isEmpty()) {
        say("Without kinds and events it is told every kind of notification: name kinds with -k.");
      }
      return showAll(set);
    }

    /** What it names; it hears every kind if that is nothing. */
    private static String hears(JsonNode webhook) {
      return Json.joined(webhook.path("kinds")) + Json.joined(webhook.path("events"));
    }

    private static void set(SetWebhook body, String field, List<String> named, Webhook before) {
      if (!named.isEmpty()) {
        ArrayNode wanted = body.json().putArray(field);
        named.stream().filter(name -> !name.equals("none")).forEach(wanted::add);
      } else if (before.json().has(field)) {
        body.json().set(field, before.json().path(field));
      }
    }
  }

  @Command(name = "delete", mixinStandardHelpOptions = true, description = "End a webhook.")
  static final class Delete extends OfOne {
    Delete(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      api().send(WebhooksApi.webhookResourceDelete(tenant(), id()), null, ifMatch(now()));
      say("Deleted %s.", id());
      return ExitCode.OK;
    }
  }

  @Command(
      name = "test",
      mixinStandardHelpOptions = true,
      description = "Send it a message that says nothing; webhooks show tells how it went.")
  static final class Test extends OfOne {
    Test(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode sent = post(WebhooksApi.webhookResourceTest(tenant(), id()));
      print(sent, one -> text("Sent as %s.%n", one.path("notificationId").asText()));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "rotate",
      mixinStandardHelpOptions = true,
      description = "Give it a new secret, shown once; the old one signs too for a while.")
  static final class Rotate extends OfOne {
    Rotate(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      JsonNode rotated = post(WebhooksApi.webhookResourceRotate(tenant(), id()));
      requireSecret(rotated);
      say(
          "The old secret signs until %s. The new one is not shown again:",
          Fields.seoulTime(rotated, "previousSecretUntil"));
      print(rotated, one -> one.path("secret").asText() + "\n");
      return ExitCode.OK;
    }
  }
}
