package dev.gpucloud.cli;

import dev.gpucloud.client.api.FleetApi;
import dev.gpucloud.client.api.TopologyApi;
import java.util.List;

/** Where machines stand: regions, sites, halls, racks, fabrics and NVLink domains. */
final class FleetTopology {
  static final Input REASON =
      Input.text("reason", "TEXT", "planned work", "Why, as the history will say.").must();
  static final Input SITE = Input.text("site", "SITE", "kr-ulsan-1", "Only at this site.");
  static final Input HALL = Input.text("hall", "HALL", "ulsan-h1", "Only in this hall.");
  static final Input MODEL = Input.text("model", "MODEL", "b200", "Only of this GPU model.");
  static final Input STATE =
      Input.of(Input.Kind.CODE, "state", "STATE", "ACTIVE", "Only in this state.");
  static final Input FABRIC = Input.text("fabric", "FABRIC", "ulsan-f1", "Only in this fabric.");
  static final Input LABEL = Input.text("label", "NAME=VALUE", "row=4", "Only with this label.");
  static final Input NEW_LABELS =
      Input.of(
              Input.Kind.LABELS,
              "label",
              "NAME=VALUE",
              "row=4",
              "A label it shall have; may be repeated. These replace all others, 'none' them all.")
          .into("labels");
  private static final Input POWER =
      Input.of(Input.Kind.DECIMAL, "power-kw", "KW", "1200", "Power that it has.");
  private static final Columns CHANGES =
      new Columns()
          .time("AT (SEOUL)", "at")
          .text("BY", "actor")
          .left("CHANGES", row -> row.path("changes").toString())
          .text("REASON", "reason");

  private FleetTopology() {}

  static List<Resource> all() {
    return List.of(regions(), sites(), halls(), racks(), fabrics(), domains());
  }

  private static Resource regions() {
    return new Resource("regions", "Regions, with what is in them.")
        .columns(
            new Columns().text("REGION", "id").number("SITES", "sites").number("HOSTS", "hosts"))
        .list("All of them.", n -> TopologyApi.topologyResourceRegions());
  }

  private static Resource sites() {
    return new Resource("sites", "Sites: their power, zone and network.")
        .item("SITE", "kr-ulsan-1", "Id of the site.")
        .columns(
            new Columns()
                .text("SITE", "id")
                .text("REGION", "region")
                .text("COUNTRY", "country")
                .text("CSAP", "csapZone")
                .number("POWER KW", "itPowerKw")
                .number("BOOKED KW", "bookedKw")
                .text("DEDICATED TO", "dedicatedTo"))
        .list(
            "All of them.",
            n -> TopologyApi.topologyResourceSites(),
            Input.text("region", "REGION", "kr-south", "Only in this region."),
            Input.text("country", "CODE", "KR", "Only in this country."),
            LABEL)
        .show("One site.", n -> TopologyApi.topologyResourceSite(n.item()))
        .rows(
            "history",
            "What was changed, with who and why.",
            n -> TopologyApi.topologyResourceSiteHistory(n.item()),
            CHANGES)
        .act(
            "edit",
            "Change labels, power or CSAP zone.",
            n -> TopologyApi.topologyResourcePatchSite(n.item()),
            NEW_LABELS,
            Input.of(Input.Kind.DECIMAL, "it-power-kw", "KW", "1200", "Power that it has."),
            Input.text("csap-zone", "ZONE", "medium", "none, low, medium or high."),
            REASON)
        .part(
            "setup", "What it provides beside GPUs.", n -> FleetApi.siteSetupResourceGet(n.item()))
        .act(
            "set-network",
            "Set the private addresses that projects get.",
            n -> FleetApi.siteSetupResourceNetwork(n.item()),
            Input.text("range", "CIDR", "10.64.0.0/12", "All of the site.").must(),
            Input.of(
                    Input.Kind.WHOLE,
                    "prefix-length",
                    "BITS",
                    "22",
                    "How large the network of a project is.")
                .must());
  }

  private static Resource halls() {
    return new Resource("halls", "Halls: their power and cooling.")
        .item("HALL", "ulsan-h1", "Id of the hall.")
        .columns(
            new Columns()
                .text("HALL", "id")
                .text("SITE", "site")
                .number("POWER KW", "powerKw")
                .number("COOLING KW", "coolingKw")
                .number("BOOKED KW", "bookedKw")
                .number("FREE KW", "freeKw"))
        .list("All of them.", n -> TopologyApi.topologyResourceHalls(), SITE, LABEL)
        .show("One hall.", n -> TopologyApi.topologyResourceHall(n.item()))
        .rows(
            "history",
            "What was changed, with who and why.",
            n -> TopologyApi.topologyResourceHallHistory(n.item()),
            CHANGES)
        .act(
            "edit",
            "Change labels, power or cooling.",
            n -> TopologyApi.topologyResourcePatchHall(n.item()),
            NEW_LABELS,
            POWER,
            Input.of(Input.Kind.DECIMAL, "cooling-kw", "KW", "1200", "Heat that it takes away."),
            REASON);
  }

  private static Resource racks() {
    return new Resource("racks", "Racks: the power they may draw.")
        .item("RACK", "ulsan-h1-r01", "Id of the rack.")
        .columns(
            new Columns()
                .text("RACK", "id")
                .text("HALL", "hall")
                .text("FABRIC", "fabric")
                .number("HOSTS", "hosts")
                .number("POWER KW", "powerKw")
                .number("BOOKED KW", "bookedKw"))
        .list("All of them.", n -> TopologyApi.rackResourceRacks(), SITE, HALL, FABRIC, LABEL)
        .show("One rack.", n -> TopologyApi.rackResourceRack(n.item()))
        .act(
            "edit",
            "Change its labels.",
            n -> TopologyApi.rackResourcePatch(n.item()),
            NEW_LABELS,
            REASON);
  }

  private static Resource fabrics() {
    return new Resource("fabrics", "InfiniBand fabrics.")
        .columns(
            new Columns()
                .text("FABRIC", "id")
                .text("HALL", "hall")
                .text("DELIVERY", "delivery")
                .number("RACKS", "racks")
                .number("HOSTS", "hosts"))
        .list("All of them.", n -> TopologyApi.rackResourceFabrics(), SITE, HALL, delivery());
  }

  private static Resource domains() {
    return new Resource("nvlink-domains", "Hosts whose GPUs NVLink joins.")
        .columns(
            new Columns()
                .text("DOMAIN", "id")
                .text("MODEL", "model")
                .text("SITE", "site")
                .text("RACK", "rack")
                .number("HOSTS", "hosts")
                .number("FREE", "hostsFree")
                .number("GPUS", "gpus"))
        .list(
            "All of them.",
            n -> TopologyApi.rackResourceDomains(),
            SITE,
            HALL,
            rack(),
            FABRIC,
            MODEL);
  }

  static Input rack() {
    return Input.text("rack", "RACK", "ulsan-h1-r01", "Only in this rack.");
  }

  static Input delivery() {
    return Input.text("delivery", "DELIVERY", "ulsan-2026-2", "Only of this delivery.");
  }
}
