package dev.gpucloud.inventory.topology;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What stands where, as administration sees it. Power in kW; booked is nameplate. */
public final class TopologyViews {
  private TopologyViews() {}

  /** A region with what is in it. */
  public record RegionView(String id, long sites, long hosts) {}

  /** A site. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SiteView(
      String id,
      String region,
      String country,
      String csapZone,
      BigDecimal itPowerKw,
      BigDecimal bookedKw,
      @Nullable String dedicatedTo,
      Map<String, String> labels,
      long version) {}

  /** A hall; what may be booked is the lesser of power and cooling. */
  public record HallView(
      String id,
      String site,
      BigDecimal powerKw,
      BigDecimal coolingKw,
      BigDecimal rackPowerKw,
      BigDecimal bookedKw,
      BigDecimal freeKw,
      Map<String, String> labels,
      long version) {}

  /** A rack. */
  public record RackView(
      String id,
      String hall,
      String fabric,
      BigDecimal powerKw,
      BigDecimal bookedKw,
      long hosts,
      Map<String, String> labels,
      long version) {}

  /** An InfiniBand fabric. */
  public record FabricView(String id, String hall, String delivery, long racks, long hosts) {}

  /** GPUs of several hosts that NVLink joins. */
  public record NvlinkDomainView(
      String id,
      String site,
      String hall,
      String rack,
      String fabric,
      String model,
      int hosts,
      int hostsFree,
      int gpus) {}

  /** One change: what was set, why, by whom. */
  public record ChangeView(
      long version,
      @JsonRawValue @Schema(type = SchemaType.OBJECT) String changes,
      String reason,
      String actor,
      Instant at) {}
}
