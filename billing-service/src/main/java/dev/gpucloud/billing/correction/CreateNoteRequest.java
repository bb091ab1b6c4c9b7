package dev.gpucloud.billing.correction;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.LocalDate;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a note against an issued invoice. An SLA credit names a percentage of what was billed,
 * of one SKU, one project or all, or an amount; a change of the supply value names the difference.
 */
@Schema(
    name = "CreateNoteRequest",
    examples =
        """
        {
          "kind": "SLA",
          "percent": "10",
          "why": "Site kr-cheongju-1 was without power.",
          "periodFrom": "2026-11-03",
          "periodTo": "2026-11-03"
        }""")
record CreateNoteRequest(
    @Schema(enumeration = {"LATE_USAGE", "SLA", "SUPPLY_CHANGE", "RESCINDED", "DOUBLE_ISSUE"})
        @Nullable String kind,
    @Schema(description = "SLA: more than 0, to 100.", examples = "10") @Nullable String percent,
    @Schema(
            description =
                "SLA: whole won that are credited, without VAT. SUPPLY_CHANGE: the difference, with"
                    + " a minus where it takes back.",
            examples = "2028000")
        @Nullable String amountKrw,
    @Schema(description = "SLA with a percentage: only of this SKU.") @Nullable String sku,
    @Schema(
            description =
                "SLA and SUPPLY_CHANGE: only of this project, so that the note also stands in the"
                    + " part of the invoice that the project's tenant sees.",
            examples = "prj_0199f0f2-6a3c-7cde-8f12-3456789abcde")
        @Nullable String project,
    @Schema(
            description =
                "With amountKrw: the tax type that it falls under, where the invoice has lines of"
                    + " several. The type of the invoice's own month if not said.",
            enumeration = {"TAXED", "ZERO_RATED", "EXEMPT", "OUT_OF_SCOPE"})
        @Nullable String taxType,
    @Schema(description = "What happened, for whoever asks later.") @Nullable String why,
    @Schema(description = "SLA: first day of the interruption, in Seoul.")
        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @Nullable LocalDate periodFrom,
    @Schema(description = "SLA: last day of the interruption.")
        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @Nullable LocalDate periodTo,
    @Schema(
            description =
                "Write date: the day of the grant, the change or the contract's end; today if not"
                    + " said. LATE_USAGE and DOUBLE_ISSUE bear the original's.")
        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @Nullable LocalDate day) {}
