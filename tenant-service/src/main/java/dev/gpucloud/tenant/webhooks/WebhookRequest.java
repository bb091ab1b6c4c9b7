package dev.gpucloud.tenant.webhooks;

import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.webhooks.engine.AddressGuard;
import dev.gpucloud.tenant.webhooks.engine.WebhookAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** All that a webhook is to be. */
@Schema(
    name = "SetWebhook",
    examples =
        """
        {
          "url": "https://ops.example.com/gpucloud",
          "kinds": ["budget.exhausted", "instance.maintenance-scheduled"],
          "events": ["instance.started", "instance.stopped"]
        }""")
record WebhookRequest(
    @Schema(
            required = true,
            examples = "https://ops.example.com/gpucloud",
            maxLength = 2048,
            description = "An https:// address of the public internet.")
        @Nullable String url,
    @Schema(
            examples = "[\"budget.exhausted\", \"instance.maintenance-scheduled\"]",
            description =
                "The only kinds of notifications that it is told; * is every kind, as is none if it"
                    + " names no events either.")
        @Nullable List<@Nullable String> kinds,
    @Schema(
            examples = "[\"instance.*\", \"invoice.issued\"]",
            description =
                "Event types that it is told as well, or all of a family, as the event stream has"
                    + " them; no event by default.")
        @Nullable List<@Nullable String> events,
    @Schema(maxLength = 200) @Nullable String description,
    @Schema(description = "False pauses it. True by default, which also ends its being disabled.")
        @Nullable Boolean enabled) {

  private static final int LONGEST_DESCRIPTION = 200;
  private static final String EVERY_KIND = "*";

  /** What is asked for, checked by itself. */
  record Asked(
      String url, Set<String> kinds, Set<String> events, String description, boolean enabled) {}

  Asked asked(boolean plainHttp, AddressGuard guard) {
    var violations = new Violations();
    if (url == null) {
      violations.add("/url", "is required");
    } else {
      WebhookAddress.refusal(url, plainHttp, guard).ifPresent(why -> violations.add("/url", why));
    }
    Set<String> wantedKinds =
        checked(
            "/kinds/",
            kinds,
            kind -> kind.equals(EVERY_KIND) || NotificationKind.ofWord(kind).isPresent(),
            NotificationKind.words(),
            violations);
    Set<String> wantedEvents =
        checked("/events/", events, EventTypes::isOfTenants, EventTypes.OF_TENANTS, violations);
    String text = description == null ? "" : description;
    if (!Texts.isLine(text, LONGEST_DESCRIPTION)) {
      violations.add(
          "/description", "expected at most " + LONGEST_DESCRIPTION + " printable characters");
    }
    Refusals.throwIfAny(violations);
    return new Asked(
        url == null ? "" : url, wantedKinds, wantedEvents, text, !Boolean.FALSE.equals(enabled));
  }

  private static Set<String> checked(
      String pointer,
      @Nullable List<@Nullable String> named,
      Predicate<String> isKnown,
      List<String> known,
      Violations violations) {
    var found = new LinkedHashSet<String>();
    for (int i = 0; named != null && i < named.size(); i++) {
      String name = named.get(i);
      if (name == null || !isKnown.test(name)) {
        violations.add(pointer + i, "expected one of " + known);
      } else {
        found.add(name);
      }
    }
    return found;
  }
}
