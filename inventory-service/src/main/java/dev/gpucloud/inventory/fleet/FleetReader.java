package dev.gpucloud.inventory.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.inventory.catalogue.CsapZone;
import dev.gpucloud.inventory.delivery.engine.DeliveryState;
import dev.gpucloud.inventory.fleet.FleetDocument.BurnIn;
import dev.gpucloud.inventory.fleet.FleetDocument.Delivery;
import dev.gpucloud.inventory.fleet.FleetDocument.Hall;
import dev.gpucloud.inventory.fleet.FleetDocument.Host;
import dev.gpucloud.inventory.fleet.FleetDocument.HostShape;
import dev.gpucloud.inventory.fleet.FleetDocument.Model;
import dev.gpucloud.inventory.fleet.FleetDocument.Site;
import dev.gpucloud.inventory.fleet.FleetDocument.Type;
import dev.gpucloud.inventory.placement.engine.GpuGeometry;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fleet's sections of a scenario: field by field, noting all that is wrong. Sections of
 * other services are left to them.
 */
final class FleetReader {
  private static final Set<String> TOP =
      Set.of(
          "gpuModels",
          "sites",
          "deliveries",
          "instanceTypes",
          "hostShape",
          "burnIn",
          "hosts",
          "csapOrder",
          "currency",
          "timezone",
          "startsAt",
          "operator",
          "tenants",
          "priceBook");
  private static final Set<String> MODEL =
      Set.of(
          "id",
          "vendor",
          "name",
          "memoryGib",
          "boardPowerW",
          "fp4PflopsSparse",
          "migSlices",
          "migProfiles",
          "nvlinkDomainGpus");
  private static final Set<String> SITE =
      Set.of("id", "region", "country", "itPowerMw", "csapZone", "dedicatedTo", "halls");
  private static final Set<String> HALL = Set.of("id", "powerKw", "coolingKw", "rackPowerKw");
  private static final Set<String> DELIVERY =
      Set.of(
          "id",
          "site",
          "hall",
          "model",
          "hosts",
          "gpusPerHost",
          "hostsPerRack",
          "racksPerFabric",
          "due",
          "state",
          "hostPowerKw");
  private static final Set<String> HOST = Set.of("delivery", "serial", "name", "rack", "fabric");
  private static final Set<String> BURN_IN =
      Set.of("gemmTflops", "memoryGbPerSecond", "ncclBusGbPerSecond");
  private static final Set<String> TYPE =
      Set.of("id", "model", "gpus", "migProfile", "vcpus", "memoryGib");
  private static final int MANY = 1_000_000;

  private final Violations violations;

  FleetReader(Violations violations) {
    this.violations = violations;
  }

  FleetDocument read(JsonNode document) {
    Section top = new Section(document, "", violations).only(TOP);
    if (top.has("csapOrder") && !top.texts("csapOrder").equals(CsapZone.ORDER)) {
      top.wrong("csapOrder", "must be " + CsapZone.ORDER);
    }
    List<Hall> halls = new ArrayList<>();
    return new FleetDocument(
        top.sections("gpuModels").stream().map(this::model).toList(),
        top.sections("sites").stream().map(site -> site(site, halls)).toList(),
        halls,
        top.sections("deliveries").stream().map(FleetReader::delivery).toList(),
        top.sections("instanceTypes").stream().map(FleetReader::type).toList(),
        hostShapes(top),
        burnIns(top),
        top.sections("hosts").stream().map(FleetReader::host).toList());
  }

  /** Reads a table of announced hosts: one object a row, named by its line. */
  FleetDocument readHosts(List<Section> rows) {
    return new FleetDocument(
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        rows.stream().map(FleetReader::host).toList());
  }

  private static Host host(Section s) {
    s.only(HOST);
    return new Host(
        s.pointer(),
        s.id("delivery"),
        s.label("serial"),
        s.optionalLabel("name"),
        s.optionalLabel("rack"),
        s.optionalLabel("fabric"));
  }

  private Model model(Section s) {
    s.only(MODEL);
    int slices = s.has("migSlices") ? s.number("migSlices", 4, 8) : 8;
    List<String> profiles = s.texts("migProfiles");
    try {
      GpuGeometry.of(slices, profiles);
    } catch (IllegalArgumentException e) {
      s.wrong("migProfiles", String.valueOf(e.getMessage()));
      profiles = List.of();
    }
    return new Model(
        s.pointer(),
        s.id("id"),
        s.text("vendor"),
        s.text("name"),
        s.number("memoryGib", 1, 10_000),
        s.number("boardPowerW", 1, 10_000),
        slices,
        profiles,
        s.number("nvlinkDomainGpus", 1, 10_000));
  }

  private Site site(Section s, List<Hall> halls) {
    s.only(SITE);
    String id = s.id("id");
    String country = s.text("country").toUpperCase(Locale.ROOT);
    if (!country.isEmpty() && !country.matches("[A-Z]{2}")) {
      s.wrong("country", "must be a country code of two letters");
    }
    for (Section hall : s.sections("halls")) {
      hall.only(HALL);
      halls.add(
          new Hall(
              hall.pointer(),
              hall.id("id"),
              id,
              hall.power("powerKw"),
              hall.power("coolingKw"),
              hall.power("rackPowerKw")));
    }
    return new Site(
        s.pointer(),
        id,
        s.id("region"),
        country,
        s.oneOf("csapZone", CsapZone.ORDER),
        s.power("itPowerMw").multiply(BigDecimal.valueOf(1000)),
        s.has("dedicatedTo") ? s.id("dedicatedTo") : null);
  }

  private static Delivery delivery(Section s) {
    s.only(DELIVERY);
    LocalDate due = s.date("due");
    return new Delivery(
        s.pointer(),
        s.id("id"),
        s.id("site"),
        s.id("hall"),
        s.id("model"),
        s.number("hosts", 1, MANY),
        s.number("gpusPerHost", 1, 8),
        s.number("hostsPerRack", 1, 1000),
        s.number("racksPerFabric", 1, 100_000),
        s.power("hostPowerKw"),
        due,
        due,
        s.oneOf("state", DeliveryState.ORDER));
  }

  private static Type type(Section s) {
    s.only(TYPE);
    @Nullable String profile = s.optionalText("migProfile");
    if (s.has("gpus") == (profile != null)) {
      s.wrong("gpus", "give either gpus or migProfile");
    }
    return new Type(
        s.pointer(),
        s.id("id"),
        s.id("model"),
        profile == null && s.has("gpus") ? s.number("gpus", 1, 8) : 0,
        profile,
        s.number("vcpus", 1, 10_000),
        s.number("memoryGib", 1, 1_000_000));
  }

  private List<HostShape> hostShapes(Section top) {
    if (!top.has("hostShape")) {
      return List.of();
    }
    Section shapes = top.section("hostShape");
    return shapes.names().stream()
        .map(
            model -> {
              Section s = shapes.section(model).only(Set.of("vcpus", "memoryGib"));
              return new HostShape(
                  s.pointer(),
                  model,
                  s.number("vcpus", 1, 10_000),
                  s.number("memoryGib", 1, 1_000_000));
            })
        .toList();
  }

  private List<BurnIn> burnIns(Section top) {
    if (!top.has("burnIn")) {
      return List.of();
    }
    Section limits = top.section("burnIn");
    return limits.names().stream()
        .map(
            model -> {
              Section s = limits.section(model).only(BURN_IN);
              return new BurnIn(
                  s.pointer(),
                  model,
                  s.power("gemmTflops"),
                  s.power("memoryGbPerSecond"),
                  s.power("ncclBusGbPerSecond"));
            })
        .toList();
  }
}
