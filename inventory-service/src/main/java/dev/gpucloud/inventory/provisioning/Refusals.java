package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.instance.InstanceState;
import dev.gpucloud.inventory.placement.Outcome;
import dev.gpucloud.inventory.placement.engine.Constraint;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.inventory.placement.engine.Refusal;
import dev.gpucloud.inventory.placement.engine.Refusal.Alternative;
import dev.gpucloud.inventory.quota.GpuCount;
import dev.gpucloud.inventory.quota.engine.Excess;
import dev.gpucloud.inventory.quota.engine.SpentBudget;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Outcomes that refuse, as problems that say what would help. */
final class Refusals {
  /** For the API's document: what alternatives there are, and where a time comes from. */
  static final String KINDS =
      "kind of each alternative: WITHOUT_ANTI_AFFINITY, WITHOUT_DEDICATION, SMALLER_TYPE,"
          + " FEWER_INSTANCES, WIDER_LEVEL or OTHER_SITE fit now; LATER comes at a known time that"
          + " its source tells: of a DELIVERY so many gpus are due on a day, at the end of a"
          + " MAINTENANCE_WINDOW so many instances of what was asked for fit with what is free now;"
          + " OVERDUE is a delivery that was due. No alternative is kept free for whoever is told.";

  private Refusals() {}

  static ProblemException overQuota(Demand demand, Excess over) {
    if (over.budget() != null) {
      return overBudget(demand, over, over.budget());
    }
    String at = over.site() == null ? "" : " at site " + over.site();
    ProblemException problem =
        ProblemType.QUOTA_EXCEEDED
            .because(
                "The quota of %s for %s%s is %s GPUs; %s are used and %s more were asked for. %s"
                    .formatted(
                        over.scope().words(),
                        demand.model(),
                        at,
                        GpuCount.ofSlices(over.limitSlices()),
                        GpuCount.ofSlices(over.usedSlices()),
                        GpuCount.ofSlices(over.askedSlices()),
                        wayOut(over)))
            .with("model", demand.model())
            .with("scope", over.scope().name())
            .with("limit", GpuCount.ofSlices(over.limitSlices()))
            .with("used", GpuCount.ofSlices(over.usedSlices()))
            .with("free", GpuCount.ofSlices(over.freeSlices()))
            .with("asked", GpuCount.ofSlices(over.askedSlices()));
    return over.site() == null ? problem : problem.with("site", over.site());
  }

  private static ProblemException overBudget(Demand demand, Excess over, SpentBudget budget) {
    BigDecimal usedHours =
        BigDecimal.valueOf(budget.usedGpuSeconds())
            .divide(BigDecimal.valueOf(3600), 3, RoundingMode.DOWN);
    return ProblemType.QUOTA_EXCEEDED
        .because(
            "The budget of %s for %s is %d GPU-hours until %s, and %s are used. Nothing may grow"
                    .formatted(
                        over.scope().words(),
                        demand.model(),
                        budget.limitGpuHours(),
                        budget.windowEnd(),
                        usedHours.toPlainString())
                + " before then unless the budget is raised.")
        .with("model", demand.model())
        .with("scope", over.scope().name())
        .with("limitGpuHours", budget.limitGpuHours())
        .with("usedGpuHours", usedHours)
        .with("windowEnd", budget.windowEnd())
        .with("asked", GpuCount.ofSlices(over.askedSlices()));
  }

  /** What who asks can do about it. */
  private static String wayOut(Excess over) {
    String smaller =
        over.freeSlices() == 0
            ? "Stop or delete instances"
            : "Ask for at most %s GPUs, stop or delete instances"
                .formatted(GpuCount.ofSlices(over.freeSlices()));
    String elsewhere = over.site() == null ? "" : ", go to another site";
    return switch (over.scope()) {
      case PROJECT -> smaller + elsewhere + ", or have an owner of the tenant raise it.";
      case TENANT -> smaller + elsewhere + ", or ask the platform to raise it.";
      case GROUP -> smaller + elsewhere + ", or ask the group to free or raise it.";
    };
  }

  static ProblemException noRoom(String instanceType, Demand demand, Refusal refusal) {
    return noRoom(instanceType, instanceType, demand, refusal);
  }

  /** {@code what} is what was asked for, in words. */
  static ProblemException noRoom(String instanceType, String what, Demand demand, Refusal refusal) {
    return ProblemType.INSUFFICIENT_CAPACITY
        .because(RefusalWords.of(what, demand, refusal))
        .with("instanceType", instanceType)
        .with("hosts", refusal.hosts())
        .with("constraints", constraints(refusal))
        .with("alternatives", refusal.alternatives().stream().map(Refusals::view).toList());
  }

  /** In the order in which the constraints are tried. */
  private static List<Map<String, Object>> constraints(Refusal refusal) {
    return Arrays.stream(Constraint.values())
        .filter(refusal.removed()::containsKey)
        .map(
            constraint -> {
              Map<String, Object> line = new LinkedHashMap<>();
              line.put("constraint", constraint.name());
              line.put("removedHosts", Objects.requireNonNull(refusal.removed().get(constraint)));
              return line;
            })
        .toList();
  }

  private static Map<String, Object> view(Alternative alternative) {
    Map<String, Object> view = new LinkedHashMap<>();
    switch (alternative) {
      case Alternative.SmallerType smaller -> {
        view.put("kind", "SMALLER_TYPE");
        view.put("instanceType", smaller.instanceType());
        view.put("instances", smaller.instances());
      }
      case Alternative.OtherSite other -> {
        view.put("kind", "OTHER_SITE");
        view.put("site", other.site());
        view.put("instances", other.instances());
      }
      case Alternative.FewerInstances fewer -> {
        view.put("kind", "FEWER_INSTANCES");
        view.put("site", fewer.site());
        view.put("level", fewer.level().name());
        view.put("instances", fewer.instances());
      }
      case Alternative.WiderLevel wider -> {
        view.put("kind", "WIDER_LEVEL");
        view.put("site", wider.site());
        view.put("level", wider.level().name());
        view.put("domains", wider.domains());
      }
      case Alternative.Relaxed relaxed -> {
        view.put("kind", "WITHOUT_" + relaxed.wish().name());
        view.put("instances", relaxed.instances());
      }
      case Alternative.Later later -> {
        view.put("kind", "LATER");
        view.put("source", "DELIVERY");
        view.put("due", later.due().toString());
        view.put("delivery", later.delivery());
        view.put("site", later.site());
        view.put("gpus", later.gpus());
      }
      case Alternative.Returning back -> {
        view.put("kind", "LATER");
        view.put("source", "MAINTENANCE_WINDOW");
        view.put("at", back.at().toString());
        view.put("site", back.site());
        view.put("instances", back.instances());
      }
      case Alternative.Overdue overdue -> {
        view.put("kind", "OVERDUE");
        view.put("overdueSince", overdue.since().toString());
        view.put("delivery", overdue.delivery());
        view.put("site", overdue.site());
        view.put("gpus", overdue.gpus());
      }
    }
    return view;
  }

  /** A resize that the host of a running instance cannot take: it stays as it was. */
  static ProblemException noRoomOnHost(
      String instanceType, Demand demand, Refusal refusal, List<String> sites) {
    String remedy =
        sites.isEmpty()
            ? "params.alternatives lists what would fit."
            : "Stop it, resize it and start it: params.sitesWithRoom could take it now.";
    return ProblemType.INSUFFICIENT_CAPACITY
        .because(
            "The instance's host has no room for %s, so it stays as it was. %s"
                .formatted(instanceType, remedy))
        .with("instanceType", instanceType)
        .with("sitesWithRoom", sites)
        .with("remedy", "STOP_RESIZE_START")
        .with("hosts", refusal.hosts())
        .with("constraints", constraints(refusal))
        .with("alternatives", refusal.alternatives().stream().map(Refusals::view).toList());
  }

  static ProblemException wrongState(String action, InstanceState state) {
    return ProblemType.STATE_CONFLICT
        .because("An instance that is " + state + " cannot be " + action + ".")
        .with("state", state.name());
  }

  static ProblemException nameTaken(String name) {
    return ProblemType.ALREADY_EXISTS
        .because("The project has an instance named '" + name + "' already.")
        .at("/name", "is the name of another instance of the project");
  }

  static ProblemException clusterNameTaken(String name) {
    return ProblemType.ALREADY_EXISTS
        .because(
            "The project has a cluster named '%s' already, or an instance named '%s-0', '%s-1' and so on."
                .formatted(name, name, name))
        .at("/name", "is taken, or its instances' names are");
  }

  static ProblemException unavailable(Outcome.Unavailable unavailable) {
    return ProblemType.UPSTREAM_UNAVAILABLE.because(unavailable.why()).with("retryAfterSeconds", 1);
  }
}
