package dev.gpucloud.billing.document.tax;

import dev.gpucloud.billing.correction.engine.TaxDocument.Reason;
import org.jspecify.annotations.Nullable;

/** Why a document amends another one, and which; the approval number is there once it has one. */
public record Amendment(
    Reason reason, String originalKey, @Nullable String originalApprovalNumber) {}
