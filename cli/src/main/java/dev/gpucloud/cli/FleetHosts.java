package dev.gpucloud.cli;

import dev.gpucloud.client.api.DeliveriesApi;
import dev.gpucloud.client.api.FaultsApi;
import dev.gpucloud.client.api.FleetApi;
import java.util.List;

/** The machines: hosts with all that is done to them, and their GPUs. */
final class FleetHosts {
  static final Columns FAULTS =
      new Columns()
          .time("AT (SEOUL)", "at")
          .text("HOST", "hostName", "host")
          .text("GPU", "gpu")
          .text("XID", "xid")
          .text("DECISION", "decision")
          .text("REASON", "reason");
  private static final Columns HISTORY =
      new Columns()
          .time("AT (SEOUL)", "at")
          .text("FROM", "from")
          .text("TO", "to")
          .text("BY", "actor")
          .text("REASON", "reason");

  private FleetHosts() {}

  static List<Resource> all() {
    return List.of(hosts(), gpus());
  }

  private static Resource hosts() {
    Resource hosts =
        new Resource("hosts", "Hosts: what is free on them, and the work on them.")
            .item("HOST", "ulsan-h1-r01-n01", "Its name or id.")
            .columns(
                new Columns()
                    .text("HOST", "name")
                    .text("STATE", "state")
                    .text("MODEL", "model")
                    .number("FREE", "gpusFree")
                    .number("GPUS", "gpus")
                    .text("SITE", "site")
                    .text("RACK", "rack"))
            .list(
                "What stands where.",
                n -> FleetApi.hostResourceList(),
                FleetTopology.SITE,
                FleetTopology.HALL,
                FleetTopology.rack(),
                FleetTopology.FABRIC,
                FleetTopology.MODEL,
                FleetTopology.STATE,
                FleetTopology.delivery(),
                FleetTopology.LABEL)
            .show("One host.", n -> FleetApi.hostResourceGet(n.item()))
            .rows(
                "history",
                "Every state it had, with who and why.",
                n -> FleetApi.hostHistoryResourceList(n.item()),
                HISTORY)
            .rows(
                "faults",
                "What its agent reported, newest first.",
                n -> FaultsApi.hostFaultsResourceList(n.item()),
                FAULTS)
            .awaits(
                "MAINTENANCE",
                "Come back when a host is in a state.",
                List.of(
                    "EXPECTED",
                    "DISCOVERED",
                    "ACCEPTING",
                    "ACTIVE",
                    "CORDONED",
                    "DRAINING",
                    "MAINTENANCE",
                    "QUARANTINED",
                    "RETIRED"));
    return acceptance(work(hosts));
  }

  private static Resource work(Resource hosts) {
    return hosts
        .act(
            "cordon",
            "Take no new instances; those on it stay.",
            n -> FleetApi.hostResourceCordon(n.item()),
            FleetTopology.REASON)
        .act(
            "uncordon",
            "Take new instances again.",
            n -> FleetApi.hostResourceUncordon(n.item()),
            FleetTopology.REASON)
        .danger(
            "drain",
            "Empty it by a deadline; what still runs then is moved or stopped.",
            n -> FleetApi.drainResourceDrain(n.item()),
            "Empty %s of everything that runs on it?",
            Input.of(
                    Input.Kind.TIME,
                    "deadline",
                    "TIME",
                    "2h",
                    "2026-11-02T09:00:00+09:00, or so long from now: 30m, 2h, 7d.")
                .must(),
            Input.of(
                Input.Kind.CODE,
                "goal",
                "GOAL",
                "MAINTENANCE",
                "What follows: MAINTENANCE or RETIREMENT."),
            FleetTopology.REASON)
        .part(
            "drain-status", "Its drain, or its last one.", n -> FleetApi.drainResourceGet(n.item()))
        .act(
            "cancel-drain",
            "Call its drain off.",
            n -> FleetApi.drainResourceCancel(n.item()),
            FleetTopology.REASON)
        .act(
            "end-maintenance",
            "Take it back into service.",
            n -> FleetApi.hostResourceEndMaintenance(n.item()),
            FleetTopology.REASON)
        .act(
            "quarantine",
            "Trust it no more; it takes nothing new.",
            n -> FleetApi.hostResourceQuarantine(n.item()),
            FleetTopology.REASON)
        .act(
            "release-quarantine",
            "Trust it again.",
            n -> FleetApi.hostResourceReleaseQuarantine(n.item()),
            FleetTopology.REASON)
        .act(
            "restore-gpus",
            "Let GPUs that faults had put out of service take instances again.",
            n -> FaultsApi.restoreGpusResourceRestore(n.item()),
            Input.of(Input.Kind.WHOLES, "gpu", "N", "3", "Its place in the host; may be repeated.")
                .into("gpus")
                .must(),
            FleetTopology.REASON)
        .act(
            "edit",
            "Change its labels.",
            n -> FleetApi.hostResourcePatch(n.item()),
            FleetTopology.NEW_LABELS,
            FleetTopology.REASON)
        .danger(
            "retire",
            "Take it out of the fleet for ever.",
            n -> FleetApi.hostResourceRetire(n.item()),
            "Take %s out of the fleet for ever?",
            FleetTopology.REASON);
  }

  private static Resource acceptance(Resource hosts) {
    return hosts
        .rows(
            "burn-ins",
            "How it passed its burn-ins, newest first.",
            n -> DeliveriesApi.acceptanceResourceList(n.item()),
            new Columns()
                .time("ENDED (SEOUL)", "figures.finishedAt")
                .left("PASSED", row -> row.path("passed").asBoolean() ? "yes" : "no")
                .number("NCCL GB/S", "figures.ncclBusGbPerSecond")
                .text("REASON", "reason"))
        .act(
            "begin-burn-in",
            "Begin the burn-in of a discovered host.",
            n -> DeliveriesApi.acceptanceResourceBegin(n.item()),
            FleetTopology.REASON)
        .act(
            "complete-burn-in",
            "Bring a host into service that passed when there was no power for it.",
            n -> DeliveriesApi.acceptanceResourceComplete(n.item()),
            FleetTopology.REASON)
        .act(
            "reaccept",
            "Send it through its burn-in again.",
            n -> FleetApi.hostResourceReaccept(n.item()),
            FleetTopology.REASON);
  }

  private static Resource gpus() {
    return new Resource("gpus", "GPUs, with what discovery tells of them.")
        .columns(
            new Columns()
                .text("HOST", "hostName", "host")
                .number("PLACE", "position")
                .text("MODEL", "model")
                .text("HEALTH", "health")
                .text("MIG", "migMode")
                .number("FREE SLICES", "freeSlices")
                .text("SERIAL", "serial"))
        .list(
            "By host and place.",
            n -> FleetApi.gpuResourceList(),
            FleetTopology.SITE,
            FleetTopology.MODEL,
            Input.text("host", "HOST", "ulsan-h1-r01-n01", "Only of this host."),
            Input.of(Input.Kind.CODE, "health", "HEALTH", "HEALTHY", "Only of this health."),
            Input.text("serial", "SERIAL", "1654024011234", "Only with this serial number."),
            FleetTopology.delivery());
  }
}
