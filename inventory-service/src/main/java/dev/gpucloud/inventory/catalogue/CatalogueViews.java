package dev.gpucloud.inventory.catalogue;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.inventory.placement.engine.MigProfile;
import java.time.Instant;
import java.time.OffsetDateTime;
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

  /** An instance type at one version. */
  public record TypeVersionView(long version, int vcpus, int memoryGib, String actor, Instant at) {
    static TypeVersionView of(Object[] r) {
      Instant at = r[4] instanceof OffsetDateTime time ? time.toInstant() : (Instant) r[4];
      return new TypeVersionView(
          ((Number) r[0]).longValue(),
          ((Number) r[1]).intValue(),
          ((Number) r[2]).intValue(),
          (String) r[3],
          at);
    }
  }
}
