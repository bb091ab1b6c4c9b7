package dev.gpucloud.inventory.fleet;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an import declares, read and well-formed. {@code pointer} says where it stood. */
record FleetDocument(
    List<Model> models,
    List<Site> sites,
    List<Hall> halls,
    List<Delivery> deliveries,
    List<Type> types,
    List<HostShape> hostShapes,
    List<BurnIn> burnIns,
    List<Host> hosts) {

  /** The document with other deliveries. */
  FleetDocument with(List<Delivery> others) {
    return new FleetDocument(models, sites, halls, others, types, hostShapes, burnIns, hosts);
  }

  record Model(
      String pointer,
      String id,
      String vendor,
      String name,
      int memoryGib,
      int boardPowerW,
      int memorySlices,
      List<String> migProfiles,
      int nvlinkDomainGpus) {}

  record Site(
      String pointer,
      String id,
      String region,
      String country,
      String csapZone,
      BigDecimal itPowerKw,
      @Nullable String dedicatedTo) {}

  record Hall(
      String pointer,
      String id,
      String site,
      BigDecimal powerKw,
      BigDecimal coolingKw,
      BigDecimal rackPowerKw) {}

  record Delivery(
      String pointer,
      String id,
      String site,
      String hall,
      String model,
      int hosts,
      int gpusPerHost,
      int hostsPerRack,
      int racksPerFabric,
      BigDecimal hostPowerKw,
      LocalDate due,
      LocalDate declaredDue,
      String state) {

    boolean isAccepted() {
      return state.equals("ACCEPTED");
    }

    /** Whether its hosts are here. */
    boolean isHere() {
      return isAccepted() || state.equals("DELIVERED");
    }

    /** The same delivery, this far and due then. */
    Delivery as(String otherState, LocalDate otherDue) {
      return new Delivery(
          pointer,
          id,
          site,
          hall,
          model,
          hosts,
          gpusPerHost,
          hostsPerRack,
          racksPerFabric,
          hostPowerKw,
          otherDue,
          declaredDue,
          otherState);
    }

    BigDecimal powerKw() {
      return hostPowerKw.multiply(BigDecimal.valueOf(hosts));
    }

    BigDecimal rackPowerKw() {
      return hostPowerKw.multiply(BigDecimal.valueOf(Math.min(hosts, hostsPerRack)));
    }

    /** What a delivery that is here may never change. */
    List<Object> shape() {
      return List.of(
          site,
          hall,
          model,
          hosts,
          gpusPerHost,
          hostsPerRack,
          racksPerFabric,
          hostPowerKw.stripTrailingZeros());
    }
  }

  record Type(
      String pointer,
      String id,
      String model,
      int gpus,
      @Nullable String migProfile,
      int vcpus,
      int memoryGib) {

    /** What a sold type may never change; vCPUs and memory make a new version. */
    String shape() {
      return "%s %d %s".formatted(model, gpus, migProfile);
    }
  }

  record HostShape(String pointer, String model, int vcpus, int memoryGib) {}

  /** Figures that a GPU and a host of a model must reach in their burn-in. */
  record BurnIn(
      String pointer,
      String model,
      BigDecimal gemmTflops,
      BigDecimal memoryGbPerSecond,
      BigDecimal ncclBusGbPerSecond) {}

  /** A host that the vendor announced for a delivery; what is not given follows from its place. */
  record Host(
      String pointer,
      String delivery,
      String serial,
      @Nullable String name,
      @Nullable String rack,
      @Nullable String fabric) {

    /** Where one of its fields stands. */
    String at(String field) {
      return Section.pointer(pointer, field);
    }

    /** Whether both say the same. */
    boolean sameAs(Host other) {
      return delivery.equals(other.delivery)
          && serial.equals(other.serial)
          && Objects.equals(name, other.name)
          && Objects.equals(rack, other.rack)
          && Objects.equals(fabric, other.fabric);
    }
  }
}
