package dev.gpucloud.inventory.topology;

import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Bodies of changes; what is not given stays, labels are replaced as a whole. */
public final class TopologyPatch {
  private static final String POWER = "must be positive, with at most three decimals";

  private TopologyPatch() {}

  /** Changes of a site. */
  @Schema(
      examples =
          """
          {"reason": "The second substation is connected.", "labels": {"substations": "2"}}""")
  public record SitePatch(
      @NotBlank(message = "must say why") @Size(max = 500) String reason,
      @Nullable Map<String, String> labels,
      @Nullable @DecimalMin(value = "0.001", message = POWER) @Digits(integer = 7, fraction = 3)
          BigDecimal itPowerKw,
      @Nullable
          @Pattern(regexp = "none|low|medium|high", message = "must be none, low, medium or high")
          String csapZone) {
    Map<String, Object> changes() {
      Map<String, Object> changes = new LinkedHashMap<>();
      put(changes, "labels", labels);
      put(changes, "itPowerKw", itPowerKw);
      put(changes, "csapZone", csapZone);
      return changes;
    }
  }

  /** Changes of a hall. */
  @Schema(
      examples =
          """
          {"reason": "The second feed is live.", "labels": {"feeds": "2"}}""")
  public record HallPatch(
      @NotBlank(message = "must say why") @Size(max = 500) String reason,
      @Nullable Map<String, String> labels,
      @Nullable @DecimalMin(value = "0.001", message = POWER) @Digits(integer = 7, fraction = 3)
          BigDecimal powerKw,
      @Nullable @DecimalMin(value = "0.001", message = POWER) @Digits(integer = 7, fraction = 3)
          BigDecimal coolingKw) {
    Map<String, Object> changes() {
      Map<String, Object> changes = new LinkedHashMap<>();
      put(changes, "labels", labels);
      put(changes, "powerKw", powerKw);
      put(changes, "coolingKw", coolingKw);
      return changes;
    }
  }

  /** Changes of a rack or a host. */
  @Schema(
      examples =
          """
          {"reason": "Connected to the new spine.", "labels": {"spine": "7"}}""")
  public record LabelsPatch(
      @NotBlank(message = "must say why") @Size(max = 500) String reason,
      @Nullable Map<String, String> labels) {
    Map<String, Object> changes() {
      Map<String, Object> changes = new LinkedHashMap<>();
      put(changes, "labels", labels);
      return changes;
    }
  }

  private static void put(Map<String, Object> changes, String field, @Nullable Object value) {
    if (value != null) {
      changes.put(field, value);
    }
  }
}
