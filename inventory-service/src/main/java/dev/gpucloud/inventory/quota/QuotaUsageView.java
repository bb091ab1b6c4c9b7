package dev.gpucloud.inventory.quota;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.inventory.quota.engine.QuotaLimit;
import java.math.BigDecimal;
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
    BigDecimal usedGpus,
    @Schema(description = "What the limit leaves; 0 when it was lowered below what is held.")
        @Nullable BigDecimal freeGpus,
    long usedSlices,
    @Schema(description = "Version of the quota that is applied here; 0 when none was set.")
        long limitVersion) {

  /** From model, project id, project slug, site, held, version, limit. */
  static QuotaUsageView of(Object[] row, boolean group) {
    String project = (String) row[1];
    String site = (String) row[3];
    long used = ((Number) row[4]).longValue();
    boolean needed = QuotaLimit.isNeeded(!project.isEmpty(), group, site);
    Integer published = row[6] == null ? null : ((Number) row[6]).intValue();
    Integer limit = row[5] == null && needed ? Integer.valueOf(0) : published;
    return new QuotaUsageView(
        (String) row[0],
        project.isEmpty() ? null : "prj_" + project,
        emptyAsNull((String) row[2]),
        emptyAsNull(site),
        limit,
        GpuCount.ofSlices(used),
        limit == null ? null : GpuCount.ofSlices(Math.max(0, limit * 8L - used)),
        used,
        row[5] == null ? 0 : ((Number) row[5]).longValue());
  }

  private static @Nullable String emptyAsNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
