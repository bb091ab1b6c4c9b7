package dev.gpucloud.inventory.catalogue;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.inventory.placement.engine.MigProfile;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The catalogue as administration sees it. Power in kW. */
public final class CatalogueViews {
  private CatalogueViews() {}

  /** A GPU model with its MIG geometry. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record GpuModelView(
      String id,
      String vendor,
      String name,
      int memoryGib,
      int boardPowerW,
      int memorySlices,
      List<MigProfileView> migProfiles,
      int nvlinkDomainGpus,
      @Nullable Integer hostVcpus,
      @Nullable Integer hostMemoryGib,
      long version) {
    static GpuModelView of(GpuModelEntity m) {
      return new GpuModelView(
          m.id,
          m.vendor,
          m.name,
          m.memoryGib,
          m.boardPowerW,
          m.memorySlices,
          m.geometry().profiles().stream().map(MigProfileView::of).toList(),
          m.nvlinkDomainGpus,
          m.hostVcpus,
          m.hostMemoryGib,
          m.version);
    }
  }

  /** A profile and the memory slices at which it may start. */
  public record MigProfileView(
      String name, int memorySlices, int computeSlices, List<Integer> starts) {
    static MigProfileView of(MigProfile p) {
      return new MigProfileView(p.name(), p.memorySlices(), p.computeSlices(), p.starts());
    }
  }

  /** A site. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SiteView(
      String id,
      String region,
      String country,
      String csapZone,
      BigDecimal itPowerKw,
      @Nullable String dedicatedTo,
      long version) {
    static SiteView of(SiteEntity s) {
      return new SiteView(
          s.id, s.regionId, s.country, s.csapZone, s.itPowerKw, s.dedicatedTo, s.version);
    }
  }

  /** A hall. */
  public record HallView(
      String id,
      String site,
      BigDecimal powerKw,
      BigDecimal coolingKw,
      BigDecimal rackPowerKw,
      long version) {
    static HallView of(HallEntity h) {
      return new HallView(h.id, h.siteId, h.powerKw, h.coolingKw, h.rackPowerKw, h.version);
    }
  }

  /** A delivery. */
  public record DeliveryView(
      String id,
      String site,
      String hall,
      String model,
      int hosts,
      int gpusPerHost,
      int gpus,
      int hostsPerRack,
      int racksPerFabric,
      BigDecimal hostPowerKw,
      LocalDate due,
      String state,
      long version) {
    static DeliveryView of(DeliveryEntity d) {
      return new DeliveryView(
          d.id,
          d.siteId,
          d.hallId,
          d.modelId,
          d.hosts,
          d.gpusPerHost,
          d.hosts * d.gpusPerHost,
          d.hostsPerRack,
          d.racksPerFabric,
          d.hostPowerKw,
          d.due,
          d.state,
          d.version);
    }
  }
}
