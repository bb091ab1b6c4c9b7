package dev.gpucloud.inventory.fleet;

import dev.gpucloud.inventory.fleet.FleetDocument.BurnIn;
import dev.gpucloud.inventory.fleet.FleetDocument.Delivery;
import dev.gpucloud.inventory.fleet.FleetDocument.Hall;
import dev.gpucloud.inventory.fleet.FleetDocument.HostShape;
import dev.gpucloud.inventory.fleet.FleetDocument.Model;
import dev.gpucloud.inventory.fleet.FleetDocument.Site;
import dev.gpucloud.inventory.fleet.FleetDocument.Type;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a document must keep to, seen together with the fleet as it is: references, power of racks,
 * halls and sites, and what may never change once it is sold or accepted.
 */
final class FleetRules {
  private final FleetDocument document;
  private final Fleet before;
  private final Violations violations;
  private final Map<String, Model> models;
  private final Map<String, Site> sites;
  private final Map<String, Hall> halls;
  private final Map<String, Delivery> deliveries;
  private final Map<String, HostShape> shapes;

  FleetRules(FleetDocument document, Fleet before, Violations violations) {
    this.document = document;
    this.before = before;
    this.violations = violations;
    this.models = merged(before.models(), document.models(), Model::id);
    this.sites = merged(before.sites(), document.sites(), Site::id);
    this.halls = merged(before.halls(), document.halls(), Hall::id);
    this.deliveries = merged(before.deliveries(), document.deliveries(), Delivery::id);
    this.shapes = merged(before.hostShapes(), document.hostShapes(), HostShape::model);
  }

  /** The fleet as the database has it, with the rack of each hall that has most booked. */
  record Fleet(
      List<Model> models,
      List<Site> sites,
      List<Hall> halls,
      List<Delivery> deliveries,
      List<Type> types,
      List<HostShape> hostShapes,
      Set<String> modelsInUse,
      Map<String, Rack> fullestRacks) {

    /** The delivery of that id, if there is one. */
    Optional<Delivery> delivery(String id) {
      return deliveries.stream().filter(d -> d.id().equals(id)).findFirst();
    }
  }

  /** A rack and the nameplate power of the hosts in it. */
  record Rack(String id, BigDecimal bookedKw) {}

  private static <T> Map<String, T> merged(List<T> old, List<T> declared, Function<T, String> id) {
    Map<String, T> all = new LinkedHashMap<>();
    old.forEach(one -> all.put(id.apply(one), one));
    declared.forEach(one -> all.put(id.apply(one), one));
    return all;
  }

  void check() {
    unique(document.models(), Model::id, Model::pointer);
    unique(document.sites(), Site::id, Site::pointer);
    unique(document.halls(), Hall::id, Hall::pointer);
    unique(document.deliveries(), Delivery::id, Delivery::pointer);
    unique(document.types(), Type::id, Type::pointer);
    document.models().forEach(this::model);
    document.halls().forEach(this::hall);
    document.hostShapes().forEach(this::hostShape);
    document.burnIns().forEach(this::burnIn);
    document.types().forEach(this::type);
    document.deliveries().forEach(this::delivery);
    power();
  }

  private <T> void unique(List<T> all, Function<T, String> id, Function<T, String> pointer) {
    Set<String> seen = new HashSet<>();
    for (T one : all) {
      if (!id.apply(one).isEmpty() && !seen.add(id.apply(one))) {
        violations.add(pointer.apply(one) + "/id", "is there twice: " + id.apply(one));
      }
    }
  }

  private void model(Model model) {
    for (Model old : before.models()) {
      boolean sameGeometry =
          old.memorySlices() == model.memorySlices()
              && old.migProfiles().equals(model.migProfiles());
      if (old.id().equals(model.id())
          && !sameGeometry
          && before.modelsInUse().contains(model.id())) {
        violations.add(
            model.pointer() + "/migProfiles",
            "cannot change while the fleet has hosts of the model");
      }
    }
  }

  private void hall(Hall hall) {
    for (Hall old : before.halls()) {
      if (old.id().equals(hall.id()) && !old.site().equals(hall.site())) {
        violations.add(hall.pointer() + "/id", "is a hall of site " + old.site());
      }
    }
    Rack fullest = before.fullestRacks().get(hall.id());
    if (fullest != null && fullest.bookedKw().compareTo(hall.rackPowerKw()) > 0) {
      violations.add(
          hall.pointer() + "/rackPowerKw",
          "is less than the %s kW booked in rack %s of hall %s"
              .formatted(
                  fullest.bookedKw().stripTrailingZeros().toPlainString(),
                  fullest.id(),
                  hall.id()));
    }
  }

  private void hostShape(HostShape shape) {
    if (!models.containsKey(shape.model())) {
      violations.add(shape.pointer(), "is no GPU model");
    }
    for (HostShape old : before.hostShapes()) {
      boolean same = old.vcpus() == shape.vcpus() && old.memoryGib() == shape.memoryGib();
      if (old.model().equals(shape.model())
          && !same
          && before.modelsInUse().contains(shape.model())) {
        violations.add(shape.pointer(), "cannot change while the fleet has hosts of the model");
      }
    }
  }

  private void burnIn(BurnIn limits) {
    if (!models.containsKey(limits.model())) {
      violations.add(limits.pointer(), "is no GPU model");
    }
  }

  private void type(Type type) {
    Model model = models.get(type.model());
    if (model == null) {
      violations.add(type.pointer() + "/model", "is no GPU model: " + type.model());
      return;
    }
    String profile = type.migProfile();
    if (profile != null && !model.migProfiles().contains(profile)) {
      violations.add(
          type.pointer() + "/migProfile",
          "is no profile of the model; it has "
              + (model.migProfiles().isEmpty() ? "none" : String.join(", ", model.migProfiles())));
    }
    HostShape host = shapes.get(type.model());
    if (host != null && (type.vcpus() > host.vcpus() || type.memoryGib() > host.memoryGib())) {
      violations.add(
          type.pointer(),
          "asks for more than a host has: %d vcpus, %d GiB"
              .formatted(host.vcpus(), host.memoryGib()));
    }
    for (Type old : before.types()) {
      if (old.id().equals(type.id()) && !old.shape().equals(type.shape())) {
        violations.add(type.pointer(), "a sold type keeps its model and GPUs; declare another id");
      }
    }
  }

  private void delivery(Delivery delivery) {
    if (!models.containsKey(delivery.model())) {
      violations.add(delivery.pointer() + "/model", "is no GPU model: " + delivery.model());
    } else if (delivery.isHere() && !shapes.containsKey(delivery.model())) {
      violations.add(
          delivery.pointer() + "/model", "has no hostShape, so its hosts cannot be counted");
    }
    if (!sites.containsKey(delivery.site())) {
      violations.add(delivery.pointer() + "/site", "is no site: " + delivery.site());
    }
    Hall hall = halls.get(delivery.hall());
    if (hall == null || !hall.site().equals(delivery.site())) {
      violations.add(
          delivery.pointer() + "/hall",
          "is no hall of site %s: %s".formatted(delivery.site(), delivery.hall()));
    } else if (delivery.rackPowerKw().compareTo(hall.rackPowerKw()) > 0) {
      violations.add(
          delivery.pointer() + "/hostsPerRack",
          "a rack would draw %s kW, the hall gives %s"
              .formatted(delivery.rackPowerKw(), hall.rackPowerKw()));
    }
    for (Delivery old : before.deliveries()) {
      if (old.id().equals(delivery.id())) {
        compare(delivery, old);
      }
    }
  }

  private void compare(Delivery delivery, Delivery old) {
    if (old.isHere() && !old.shape().equals(delivery.shape())) {
      violations.add(
          delivery.pointer(),
          old.isAccepted()
              ? "an accepted delivery does not change"
              : "a delivery that is here does not change");
    }
    if (delivery.isAccepted() && old.isHere() && !old.isAccepted()) {
      violations.add(
          delivery.pointer() + "/state",
          "is DELIVERED here: its hosts are accepted one by one, then the delivery by its accept"
              + " action");
    }
  }

  /** Nameplate power of all deliveries, here or ordered, at the places that the document names. */
  private void power() {
    Map<String, BigDecimal> ofHall = new HashMap<>();
    Map<String, BigDecimal> ofSite = new HashMap<>();
    for (Delivery delivery : deliveries.values()) {
      ofHall.merge(delivery.hall(), delivery.powerKw(), BigDecimal::add);
      ofSite.merge(delivery.site(), delivery.powerKw(), BigDecimal::add);
    }
    for (Hall hall : named(halls, document.halls(), Hall::id, Delivery::hall)) {
      BigDecimal drawn = ofHall.getOrDefault(hall.id(), BigDecimal.ZERO);
      BigDecimal given = hall.powerKw().min(hall.coolingKw());
      if (drawn.compareTo(given) > 0) {
        violations.add(
            pointerOf(hall.id(), Delivery::hall, hall.pointer()),
            "hall %s would draw %s kW; its power and cooling give %s"
                .formatted(hall.id(), drawn, given));
      }
    }
    for (Site site : named(sites, document.sites(), Site::id, Delivery::site)) {
      BigDecimal drawn = ofSite.getOrDefault(site.id(), BigDecimal.ZERO);
      if (drawn.compareTo(site.itPowerKw()) > 0) {
        violations.add(
            pointerOf(site.id(), Delivery::site, site.pointer()),
            "site %s would draw %s kW of %s".formatted(site.id(), drawn, site.itPowerKw()));
      }
    }
  }

  /** The places that the document declares or brings something to. */
  private <T> List<T> named(
      Map<String, T> all, List<T> declared, Function<T, String> id, Function<Delivery, String> of) {
    Set<String> named = new HashSet<>();
    declared.forEach(place -> named.add(id.apply(place)));
    document.deliveries().forEach(delivery -> named.add(of.apply(delivery)));
    return all.values().stream().filter(place -> named.contains(id.apply(place))).toList();
  }

  /** The document's last delivery there, or the place itself when it was the place that shrank. */
  private String pointerOf(String place, Function<Delivery, String> of, String otherwise) {
    return last(document.deliveries().stream().filter(d -> of.apply(d).equals(place)).toList())
        .map(delivery -> delivery.pointer() + "/hosts")
        .orElse(otherwise);
  }

  private static Optional<Delivery> last(Collection<Delivery> deliveries) {
    return deliveries.stream().reduce((a, b) -> b);
  }
}
