package dev.gpucloud.inventory.acceptance;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** One burn-in of a host as administration sees it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BurnInView(
    boolean passed, @Nullable String reason, AcceptanceReportView.Figures figures) {}
