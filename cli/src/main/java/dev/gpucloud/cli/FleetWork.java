package dev.gpucloud.cli;

import dev.gpucloud.client.api.DeliveriesApi;
import dev.gpucloud.client.api.FaultsApi;
import dev.gpucloud.client.api.FleetApi;
import dev.gpucloud.client.api.ImagesApi;
import java.util.List;

/** What happens to the fleet: deliveries, faults, planned work; and what it offers. */
final class FleetWork {
  private FleetWork() {}

  static List<Resource> all() {
    return List.of(
        deliveries(),
        discrepancies(),
        faults(),
        policies(),
        breakers(),
        windows(),
        models(),
        types(),
        images());
  }

  private static Resource deliveries() {
    return new Resource("deliveries", "Hosts that were ordered, until they are accepted.")
        .item("DELIVERY", "ulsan-2026-2", "Id of the delivery.")
        .columns(
            new Columns()
                .text("DELIVERY", "id")
                .text("STATE", "state")
                .text("MODEL", "model")
                .number("HOSTS", "hosts")
                .number("ACCEPTED", "hostsAccepted")
                .number("GPUS", "gpus")
                .number("SLIP DAYS", "slipDays")
                .text("SITE", "site")
                .text("DUE", "due"))
        .list(
            "All of them.",
            n -> DeliveriesApi.deliveryResourceList(),
            FleetTopology.SITE,
            FleetTopology.HALL,
            FleetTopology.MODEL,
            FleetTopology.STATE)
        .show(
            "One delivery, with the states of its hosts.",
            n -> DeliveriesApi.deliveryResourceGet(n.item()))
        .rows(
            "history",
            "Every step and every slip, with who and why.",
            n -> DeliveriesApi.deliveryResourceHistory(n.item()),
            new Columns()
                .time("AT (SEOUL)", "at")
                .text("EVENT", "event")
                .text("STATE", "state")
                .text("DUE", "due")
                .text("BY", "actor")
                .text("REASON", "reason"))
        .rows(
            "expected-hosts",
            "The hosts that were announced.",
            n -> DeliveriesApi.deliveryResourceExpectedHosts(n.item()),
            new Columns()
                .text("SERIAL", "serial")
                .text("NAME", "name")
                .text("RACK", "rack")
                .text("FABRIC", "fabric"))
        .act(
            new Verb(
                    Verb.Kind.ACT,
                    "announce",
                    "Say which hosts it brings; the file has them under 'hosts', each with its"
                        + " serial.",
                    n -> DeliveriesApi.deliveryResourceAnnounce(n.item()))
                .names(new Verb.Argument("DELIVERY", "ulsan-2026-2", "Id of the delivery."))
                .takes(FleetTopology.REASON)
                .takesFile()
                .onWhatIsSeen(n -> DeliveriesApi.deliveryResourceGet(n.item())))
        .act(
            "ship",
            "It left the vendor.",
            n -> DeliveriesApi.deliveryResourceShip(n.item()),
            FleetTopology.REASON)
        .act(
            "deliver",
            "It arrived.",
            n -> DeliveriesApi.deliveryResourceDeliver(n.item()),
            FleetTopology.REASON)
        .act(
            "accept",
            "Accept it, with a waiver for each host that stays behind.",
            n -> DeliveriesApi.deliveryResourceAccept(n.item()),
            Input.of(
                    Input.Kind.WAIVERS,
                    "waive",
                    "HOST=REASON",
                    "n07=broken",
                    "A host that it is accepted without; may be repeated.")
                .into("waived"),
            FleetTopology.REASON)
        .act(
            "slip",
            "Give it another due date.",
            n -> DeliveriesApi.deliveryResourceSlip(n.item()),
            Input.of(Input.Kind.DAY, "due", "YYYY-MM-DD", "2027-03-01", "The new date.").must(),
            FleetTopology.REASON)
        .awaits(
            "ACCEPTED",
            "Come back when a delivery is in a state.",
            List.of("ORDERED", "SHIPPED", "DELIVERED", "ACCEPTED"));
  }

  private static Resource discrepancies() {
    return new Resource("discrepancies", "What differs from what was announced.")
        .item("DISCREPANCY", "0199e2a0-7f00-7000-8000-000000000001", "Its id.")
        .columns(
            new Columns()
                .text("KIND", "kind")
                .text("STATE", "state")
                .text("SITE", "site")
                .text("SERIAL", "serial")
                .text("DETAIL", "detail")
                .text("ID", "id"))
        .list(
            "All of them.",
            n -> DeliveriesApi.discrepancyResourceList(),
            FleetTopology.SITE,
            FleetTopology.delivery(),
            Input.of(Input.Kind.CODE, "kind", "KIND", "MISSING", "Only of this kind."),
            Input.text("serial", "SERIAL", "1654024011234", "Only with this serial number."),
            FleetTopology.STATE)
        .show("One discrepancy.", n -> DeliveriesApi.discrepancyResourceGet(n.item()))
        .act(
            "resolve",
            "Say what was done about it.",
            n -> DeliveriesApi.discrepancyResourceResolve(n.item()),
            Input.text("note", "TEXT", "replaced by the vendor", "What was done.").must());
  }

  private static Resource faults() {
    return new Resource("faults", "Faults that agents reported, and what was decided.")
        .columns(FleetHosts.FAULTS)
        .list(
            "Newest first.",
            n -> FaultsApi.faultResourceList(),
            FleetTopology.SITE,
            Input.of(Input.Kind.WHOLE, "xid", "XID", "79", "Only of this XID code."),
            Input.of(Input.Kind.CODE, "decision", "DECISION", "TAKEN", "Only with this decision."));
  }

  private static Resource policies() {
    return new Resource("fault-policies", "What each XID code asks for.")
        .item("XID", "79", "The XID code.")
        .columns(
            new Columns()
                .text("XID", "xid")
                .text("ACTION", "action")
                .text("BY", "decidedBy")
                .text("REASON", "reason"))
        .list("All of them.", n -> FaultsApi.policyResourceList())
        .show("Of one XID code.", n -> FaultsApi.policyResourceGet(n.item()))
        .act(
            "set",
            "Decide what a code asks for from now on.",
            n -> FaultsApi.policyResourceSet(n.item()),
            Input.of(
                    Input.Kind.CODE,
                    "action",
                    "ACTION",
                    "DRAIN_GPU",
                    "IGNORE, WATCH, DRAIN_GPU or QUARANTINE_HOST.")
                .must(),
            FleetTopology.REASON)
        .act(
            "forget",
            "Let the product's own rule count again.",
            n -> FaultsApi.policyResourceForget(n.item()));
  }

  private static Resource breakers() {
    return new Resource(
            "fault-breakers", "What stops faults from taking too much of a site out of service.")
        .item("SITE", "kr-ulsan-1", "Id of the site.")
        .columns(
            new Columns()
                .text("SITE", "site")
                .left("OPEN", row -> row.path("open").asBoolean() ? "yes" : "no")
                .time("SINCE (SEOUL)", "openSince")
                .number("HOSTS TAKEN", "hostsTaken")
                .number("OF", "hostLimit")
                .number("GPUS TAKEN", "gpusTaken")
                .number("OF", "gpuLimit"))
        .list("That of every site.", n -> FaultsApi.breakerResourceList())
        .act(
            "reset",
            "Close it and count anew.",
            n -> FaultsApi.breakerResourceReset(n.item()),
            FleetTopology.REASON);
  }

  private static Resource windows() {
    return new Resource("maintenance-windows", "Planned work on a host, a rack or a hall.")
        .item("WINDOW", "mwn_0199e2a0-7f00-7000-8000-000000000001", "Its id.")
        .columns(
            new Columns()
                .text("SCOPE", "scope")
                .text("TARGET", "target")
                .text("STATE", "state")
                .time("FROM (SEOUL)", "startsAt")
                .time("UNTIL (SEOUL)", "endsAt")
                .text("REASON", "reason")
                .text("ID", "id"))
        .list(
            "In the order they were planned.",
            n -> FleetApi.windowResourceList(),
            FleetTopology.STATE)
        .show("One of them.", n -> FleetApi.windowResourceGet(n.item()))
        .act(
            new Verb(Verb.Kind.ACT, "plan", "Plan work.", n -> FleetApi.windowResourcePlan())
                .takes(
                    Input.of(Input.Kind.CODE, "scope", "SCOPE", "HALL", "HOST, RACK or HALL.")
                        .must(),
                    Input.text("target", "NAME", "ulsan-h1", "Which one.").must(),
                    Input.of(
                            Input.Kind.TIME,
                            "starts-at",
                            "TIME",
                            "7d",
                            "When it begins: 2026-11-02T09:00:00+09:00, or 7d from now.")
                        .must(),
                    Input.of(
                            Input.Kind.TIME,
                            "ends-at",
                            "TIME",
                            "8d",
                            "When it ends, in the same form.")
                        .must(),
                    Input.of(
                        Input.Kind.SPAN,
                        "notice",
                        "TIME",
                        "72h",
                        "How long before tenants are told."),
                    FleetTopology.REASON))
        .act("cancel", "Call it off.", n -> FleetApi.windowResourceCancel(n.item()));
  }

  private static Resource models() {
    return new Resource("gpu-models", "GPU models, with how MIG divides them.")
        .columns(
            new Columns()
                .text("MODEL", "id")
                .text("NAME", "name")
                .number("MEMORY GIB", "memoryGib")
                .number("POWER W", "boardPowerW")
                .number("SLICES", "memorySlices")
                .number("NVLINK GPUS", "nvlinkDomainGpus"))
        .list("All of them.", n -> FleetApi.catalogueResourceModels());
  }

  private static Resource types() {
    return new Resource("instance-types", "What an instance type was at each version.")
        .item("TYPE", "b200.8x", "Id of the type, as 'gpucloud instance-types' has it.")
        .rows(
            "history",
            "Every version, with who and when.",
            n -> FleetApi.catalogueResourceVersions(n.item()),
            new Columns()
                .number("VERSION", "version")
                .number("VCPUS", "vcpus")
                .number("MEMORY GIB", "memoryGib")
                .time("AT (SEOUL)", "at")
                .text("BY", "actor"));
  }

  private static Resource images() {
    Verb.Argument family = new Verb.Argument("FAMILY", "ubuntu-24.04-cuda-13", "Its family.");
    Verb.Argument version = new Verb.Argument("VERSION", "20261001", "Which version.");
    return new Resource("images", "What instances may boot, withdrawn versions too.")
        .columns(
            new Columns()
                .text("FAMILY", "family")
                .text("VERSION", "version")
                .text("STATE", "state")
                .text("USER", "loginUser")
                .left("DEFAULT", row -> row.path("preferred").asBoolean() ? "yes" : "no")
                .text("DESCRIPTION", "description"))
        .list("All of them.", n -> ImagesApi.imageAdminResourceAll())
        .act(
            new Verb(
                    Verb.Kind.ACT,
                    "set",
                    "Offer a version, or change it.",
                    n -> ImagesApi.imageAdminResourcePut(n.item(), n.second()))
                .names(family, version)
                .takes(
                    Input.text("description", "TEXT", "Ubuntu 24.04", "What it is.").must(),
                    Input.text("login-user", "USER", "ubuntu", "Who logs in.").must(),
                    Input.of(
                            Input.Kind.CODE,
                            "state",
                            "STATE",
                            "ACTIVE",
                            "ACTIVE, DEPRECATED or WITHDRAWN.")
                        .must(),
                    Input.of(Input.Kind.FLAG, "preferred", "", "", "It is what boots by default.")))
        .act(
            new Verb(
                    Verb.Kind.ACT,
                    "withdraw",
                    "Boot it no more; what runs stays.",
                    n -> ImagesApi.imageAdminResourceWithdraw(n.item(), n.second()))
                .names(family, version)
                .asks("Withdraw %s?"));
  }
}
