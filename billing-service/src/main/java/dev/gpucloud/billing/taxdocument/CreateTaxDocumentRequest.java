package dev.gpucloud.billing.taxdocument;

import com.fasterxml.jackson.annotation.JsonFormat;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.LocalDate;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the original of an invoice (no reason), or for an amendment of it: reason 1 with the
 * right items, 2 with a difference and the day of the change, 4 with the day on which the contract
 * ended, 6 alone.
 */
@Schema(
    examples =
        """
        {
          "reason": 2,
          "day": "2026-12-01",
          "supplyValue": "-2028000",
          "name": "Credit for the interruption"
        }""")
record CreateTaxDocumentRequest(
    @Schema(description = "1, 2, 4 or 6; none for the original.") @Nullable Integer reason,
    @Schema(description = "Reasons 2 and 4.") @JsonFormat(shape = JsonFormat.Shape.STRING)
        @Nullable LocalDate day,
    @Schema(description = "Reason 2: whole won, with a minus for a credit: -2028000.")
        @Pattern(regexp = WON, message = "must be whole won such as -2028000")
        @Nullable String supplyValue,
    @Schema(description = "Reason 2: what the change is for.") @Size(max = 100)
        @Nullable String name,
    @Schema(
            description =
                "Which document is amended, where the invoice has them of several tax types.")
        @Pattern(
            regexp = "TAXED|ZERO_RATED|EXEMPT",
            message = "must be TAXED, ZERO_RATED or EXEMPT")
        @Nullable String taxType,
    @Schema(description = "Reason 1: the items as they should have been.")
        @Size(min = 1, max = 99, message = "must have 1 to 99 items")
        @Nullable List<@NotNull @Valid Item> items) {

  static final String WON = "-?(0|[1-9][0-9]{0,15})";

  /** An item in whole won, without VAT. */
  @Schema(name = "TaxDocumentItemRequest")
  record Item(
      @NotBlank(message = "is missing") @Size(max = 100) @Nullable String name,
      @Size(max = 60) @Nullable String spec,
      @NotNull(message = "is missing")
          @Pattern(regexp = WON, message = "must be whole won such as 1080000")
          @Nullable String supplyValue) {}
}
