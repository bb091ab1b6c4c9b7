package dev.gpucloud.tenant.quotarequests;

import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What is decided on a request. */
@Schema(
    name = "DecideOnQuota",
    examples =
        """
        {"grantedGpus": 4608, "note": "The rest after the March delivery."}""")
record DecideOnQuota(
    @Schema(
            required = true,
            examples = "96",
            minimum = "0",
            description =
                "The limit to be, at most what was asked for; less grants a part, 0 refuses.")
        @Nullable Integer grantedGpus,
    @Schema(
            maxLength = AskForQuota.MAX_TEXT,
            examples = "The rest after the March delivery.",
            description = "Shown to the tenant; required unless all is granted.")
        @Nullable String note) {
  /** Fails with VALIDATION_FAILED when it cannot be decided like this on so many wanted. */
  void check(int wantedGpus) {
    var violations = new Violations();
    if (grantedGpus == null || grantedGpus < 0 || grantedGpus > wantedGpus) {
      violations.add(
          "/grantedGpus", "expected 0 to the " + wantedGpus + " GPUs that are asked for");
    }
    boolean whole = grantedGpus != null && grantedGpus == wantedGpus;
    if (note == null ? !whole : !Texts.isPrintable(note, AskForQuota.MAX_TEXT)) {
      violations.add(
          "/note", "expected 1 to " + AskForQuota.MAX_TEXT + " printable characters that say why");
    }
    Refusals.throwIfAny(violations);
  }

  int gpus() {
    return grantedGpus == null ? 0 : grantedGpus;
  }
}
