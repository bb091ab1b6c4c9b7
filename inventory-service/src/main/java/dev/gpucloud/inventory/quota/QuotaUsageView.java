package dev.gpucloud.inventory.quota;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.inventory.quota.engine.QuotaLimit;
import dev.gpucloud.inventory.quota.engine.Share;
import java.math.BigDecimal;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a tenant, or one of its projects, holds of a model; GPUs carry a fraction for slices. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuotaUsageView(
    @Schema(examples = "b200-sxm-180g") String model,
    @Schema(description = "Set when the line is of one project only.") @Nullable String projectId,
    @Schema(examples = "fab-digital-twin") @Nullable String project,
    @Schema(
            examples = "kr-ulsan-1",
            description = "Set when the line is of one site only; without it of all sites.")
        @Nullable String site,
    @Schema(description = "Left out when there is no limit of its own; those above still bind.")
        @Nullable Integer limitGpus,
    @Schema(description = "What is promised; left out when nothing is.")
        @Nullable Integer guaranteedGpus,
    @Schema(
            description =
                "Most that may be used beyond what is guaranteed, of siblings' idle GPUs.")
        @Nullable Integer borrowLimitGpus,
    @Schema(description = "Used beyond what is guaranteed.") @Nullable BigDecimal borrowedGpus,
    BigDecimal usedGpus,
    @Schema(
            description =
                "What the limit, or guarantee and borrow limit together, leave; 0 when they were"
                    + " lowered below what is held. Limits above may leave less.")
        @Nullable BigDecimal freeGpus,
    long usedSlices,
    @Schema(description = "Version of the quota that is applied here; 0 when none was set.")
        long limitVersion,
    @Schema(
            description =
                "Set when the budget of GPU-hours is used up: nothing may grow before then.")
        @Nullable Instant growthStoppedUntil) {

  /** From model, project id and slug, site, held, version, limit, guarantee, borrow limit. */
  static QuotaUsageView of(Object[] row, boolean group, Instant now) {
    String project = (String) row[1];
    String site = (String) row[3];
    long used = ((Number) row[4]).longValue();
    boolean needed = QuotaLimit.isNeeded(!project.isEmpty(), group, site);
    Integer limit = row[5] == null && needed ? Integer.valueOf(0) : number(row[6]);
    Share share = new Share(limit, number(row[7]), number(row[8]));
    Integer ceiling = share.ceilingGpus();
    return new QuotaUsageView(
        (String) row[0],
        project.isEmpty() ? null : "prj_" + project,
        emptyAsNull((String) row[2]),
        emptyAsNull(site),
        limit,
        share.guaranteedGpus(),
        share.borrowLimitGpus(),
        share.guaranteedGpus() == null ? null : GpuCount.ofSlices(share.borrowedSlices(used)),
        GpuCount.ofSlices(used),
        ceiling == null ? null : GpuCount.ofSlices(Math.max(0, ceiling * 8L - used)),
        used,
        row[5] == null ? 0 : ((Number) row[5]).longValue(),
        QuotaService.stoppedUntil(row[9], now));
  }

  private static @Nullable Integer number(@Nullable Object column) {
    return column == null ? null : ((Number) column).intValue();
  }

  private static @Nullable String emptyAsNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
