package dev.gpucloud.inventory.fleet;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an import declares, read and well-formed. {@code pointer} says where it stood. */
record FleetDocument(
    List<Model> models,
    List<Site> sites,
    List<Hall> halls,
    List<Delivery> deliveries,
    List<Type> types,
    List<HostShape> hostShapes) {

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
      String state) {

    boolean isAccepted() {
      return state.equals("ACCEPTED");
    }

    BigDecimal powerKw() {
      return hostPowerKw.multiply(BigDecimal.valueOf(hosts));
    }

    BigDecimal rackPowerKw() {
      return hostPowerKw.multiply(BigDecimal.valueOf(Math.min(hosts, hostsPerRack)));
    }

    /** What an accepted delivery may never change. */
    List<Object> shape() {
      return List.of(site, hall, model, hosts, gpusPerHost, hostsPerRack, racksPerFabric);
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

    /** What a sold type may never change. */
    String shape() {
      return "%s %d %s %d %d".formatted(model, gpus, migProfile, vcpus, memoryGib);
    }
  }

  record HostShape(String pointer, String model, int vcpus, int memoryGib) {}
}
