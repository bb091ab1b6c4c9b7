package dev.gpucloud.tenant.webhooks;

import dev.gpucloud.tenant.engine.Texts;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.webhooks.engine.AddressGuard;
import dev.gpucloud.tenant.webhooks.engine.WebhookAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** All that a webhook is to be. */
@Schema(
    name = "SetWebhook",
    examples =
        """
        {
          "url": "https://ops.example.com/gpucloud",
          "kinds": ["budget.exhausted", "instance.maintenance-scheduled"]
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
            description = "The only kinds that it is told; every kind by default.")
        @Nullable List<@Nullable String> kinds,
    @Schema(maxLength = 200) @Nullable String description,
    @Schema(description = "False pauses it. True by default, which also ends its being disabled.")
        @Nullable Boolean enabled) {

  private static final int LONGEST_DESCRIPTION = 200;

  /** What is asked for, checked by itself. */
  record Asked(String url, Set<String> kinds, String description, boolean enabled) {}

  Asked asked(boolean plainHttp, AddressGuard guard) {
    var violations = new Violations();
    if (url == null) {
      violations.add("/url", "is required");
    } else {
      WebhookAddress.refusal(url, plainHttp, guard).ifPresent(why -> violations.add("/url", why));
    }
    Set<String> wanted = checkedKinds(violations);
    String text = description == null ? "" : description;
    if (!Texts.isLine(text, LONGEST_DESCRIPTION)) {
      violations.add(
          "/description", "expected at most " + LONGEST_DESCRIPTION + " printable characters");
    }
    Refusals.throwIfAny(violations);
    return new Asked(url == null ? "" : url, wanted, text, !Boolean.FALSE.equals(enabled));
  }

  private Set<String> checkedKinds(Violations violations) {
    var found = new LinkedHashSet<String>();
    for (int i = 0; kinds != null && i < kinds.size(); i++) {
      String kind = kinds.get(i);
      if (kind == null || NotificationKind.ofWord(kind).isEmpty()) {
        violations.add("/kinds/" + i, "expected one of " + NotificationKind.words());
      } else {
        found.add(kind);
      }
    }
    return found;
  }
}
