package dev.gpucloud.tenant.onboarding;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What an import did; repeated unchanged, it does nothing more. */
@Schema(name = "TenantImport", description = "What an import of tenants did, counted.")
record ImportReport(
    Counts tenants,
    Counts projects,
    Counts members,
    Counts quotas,
    @Schema(description = "True when the document was checked only and nothing was kept.")
        boolean validateOnly) {

  /** How many were new, were changed, and were as declared already. */
  @Schema(name = "ImportCounts")
  record Counts(
      @Schema(examples = "7") int created,
      @Schema(examples = "0") int updated,
      @Schema(examples = "0") int unchanged) {}

  /** Counts up while an import runs. */
  static final class Tally {
    private int created;
    private int updated;
    private int unchanged;

    void created() {
      created++;
    }

    void updated(boolean changed) {
      if (changed) {
        updated++;
      } else {
        unchanged++;
      }
    }

    Counts counts() {
      return new Counts(created, updated, unchanged);
    }
  }
}
