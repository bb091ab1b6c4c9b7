package dev.gpucloud.billing.agreement;

import java.time.LocalDate;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What an account agrees to from a day on; {@code until} is the last day, both in Seoul. */
@Schema(
    name = "CreateAgreement",
    examples =
        """
        {
          "reference": "contract-2028-014",
          "kind": "CONTRACT_PRICE",
          "from": "2028-01-01",
          "until": "2028-12-31",
          "terms": {"item": "b200-sxm-180g", "priceKrw": "4050"}
        }""")
record CreateAgreementRequest(
    @Schema(
            description = "The contract's number; it stands on the invoice line.",
            examples = "contract-2026-014")
        @Nullable String reference,
    @Schema(
            enumeration = {
              "CONTRACT_PRICE",
              "USAGE_COMMITMENT",
              "SPEND_COMMITMENT",
              "MONTHLY_FEE",
              "TAXATION"
            })
        @Nullable String kind,
    @Schema(examples = "2026-12-01") @Nullable LocalDate from,
    @Schema(examples = "2027-11-30") @Nullable LocalDate until,
    @Nullable AgreementTerms terms) {}
