package dev.gpucloud.inventory.provisioning;

import dev.gpucloud.inventory.placement.engine.Anchor;
import dev.gpucloud.inventory.placement.engine.Constraint;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.inventory.placement.engine.Level;
import dev.gpucloud.inventory.placement.engine.Refusal;
import dev.gpucloud.inventory.placement.engine.Refusal.Alternative;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A refusal in words: what does not go, how many hosts each reason removed, what would go. */
final class RefusalWords {
  private static final int ALTERNATIVES = 3;
  private static final Set<Constraint> ELSEWHERE = EnumSet.of(Constraint.SITE, Constraint.REGION);
  private static final Set<Constraint> RULES =
      EnumSet.of(Constraint.DEDICATION, Constraint.COUNTRY, Constraint.CSAP_ZONE);
  private static final Set<Constraint> SIZES =
      EnumSet.range(Constraint.HOST_SIZE, Constraint.SITE_SIZE);

  private final String what;
  private final Demand demand;
  private final Refusal refusal;

  private RefusalWords(String what, Demand demand, Refusal refusal) {
    this.what = what;
    this.demand = demand;
    this.refusal = refusal;
  }

  /** {@code what} is what was asked for. */
  static String of(String what, Demand demand, Refusal refusal) {
    RefusalWords words = new RefusalWords(what, demand, refusal);
    return words.lead() + words.reasons() + words.alternatives();
  }

  private int removed(Set<Constraint> by) {
    return by.stream().mapToInt(c -> refusal.removed().getOrDefault(c, 0)).sum();
  }

  private int ofModel() {
    return refusal.hosts() - refusal.removed().getOrDefault(Constraint.MODEL, 0);
  }

  private String lead() {
    int left = ofModel();
    if (left == 0) {
      return "There are no hosts with " + demand.model() + " yet.";
    }
    left -= removed(ELSEWHERE);
    if (left == 0) {
      return "%s has no hosts with %s.".formatted(place(), demand.model());
    }
    left -= removed(RULES);
    if (left == 0) {
      String asked = demand.site() == null ? "No site with " + demand.model() : place();
      return asked + (demand.site() == null ? " is" : " is not") + " open to the tenant.";
    }
    if (demand.anchor() != null) {
      return "%s has no room for %s now, and it must stay where its cluster is."
          .formatted(capital(domain(demand.anchor())), what);
    }
    left -= refusal.removed().getOrDefault(Constraint.HOST_STATE, 0);
    if (left > 0 && left == removed(SIZES)) {
      return "%s holds %s even when it is empty.".formatted(nothing(), what);
    }
    return demand.site() == null
        ? "No site that the tenant may use has room for " + what + " now."
        : "%s has no room for %s now.".formatted(place(), what);
  }

  /** The domain that a cluster holds its instances to. */
  private static String domain(Anchor anchor) {
    if (anchor.required() == Level.SITE) {
      return "site " + anchor.site();
    }
    String placed = level(anchor.level().name()) + " " + anchor.domain();
    return anchor.required() == anchor.level()
        ? placed
        : "the %s of %s".formatted(level(anchor.required().name()), placed);
  }

  private static String level(String constant) {
    return constant.equals(Level.NVLINK_DOMAIN.name()) ? "NVLink domain" : name(constant);
  }

  private static String capital(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private String place() {
    return demand.site() == null ? "The region" : "Site " + demand.site();
  }

  /** The narrowest thing that is too small for it. */
  private String nothing() {
    Constraint narrowest =
        SIZES.stream().filter(refusal.removed()::containsKey).findFirst().orElseThrow();
    String thing =
        switch (narrowest) {
          case HOST_SIZE -> "host";
          case NVLINK_DOMAIN_SIZE -> "NVLink domain";
          default -> narrowest.name().replace("_SIZE", "").toLowerCase(Locale.ROOT);
        };
    return "No " + thing + (demand.site() == null ? "" : " of site " + demand.site());
  }

  private String reasons() {
    List<String> reasons = new ArrayList<>();
    for (Constraint constraint : Constraint.values()) {
      Integer count = refusal.removed().get(constraint);
      if (count != null && constraint != Constraint.MODEL) {
        reasons.add(count + " " + words(constraint));
      }
    }
    return reasons.isEmpty()
        ? ""
        : " Of %d hosts with %s, %s."
            .formatted(ofModel(), demand.model(), String.join("; ", reasons));
  }

  private String words(Constraint constraint) {
    String name = constraint.name();
    String domain =
        name.replace("_SIZE", "").replace("_ROOM", "").replace('_', ' ').toLowerCase(Locale.ROOT);
    return switch (constraint) {
      case MODEL -> "are of another model";
      case SITE -> "stand at other sites";
      case REGION -> "stand in other regions";
      case DEDICATION -> "stand at sites dedicated to others";
      case COUNTRY -> "stand outside the country of the tenant's residency";
      case CSAP_ZONE -> "stand in a CSAP zone below that of the tenant's residency";
      case CLUSTER_DOMAIN -> "stand outside " + anchored();
      case HOST_STATE -> "take nothing new (cordoned, draining, in maintenance or out of reach)";
      case HOST_SIZE -> "are too small even when empty";
      case NVLINK_DOMAIN_SIZE, RACK_SIZE, FABRIC_SIZE, HALL_SIZE, SITE_SIZE ->
          "are in a " + domain + " that is too small even when empty";
      case DEDICATED_HOST ->
          demand.dedicated() ? "are shared or dedicated to others" : "are dedicated to others";
      case ANTI_AFFINITY ->
          demand.apart() == null
              ? "are to be avoided"
              : "have an instance of the group on them or in their rack";
      case GPUS ->
          demand.shape().profile() == null
              ? "have too few free GPUs"
              : "have no free slice where the profile may start";
      case VCPUS -> "have too few free vCPUs";
      case MEMORY -> "have too little free memory";
      case NVLINK_DOMAIN_ROOM, RACK_ROOM, FABRIC_ROOM, HALL_ROOM, SITE_ROOM ->
          "have room, but their " + domain + " has not for all of it";
      case SPREAD -> "are where it fits, but not spread as required";
    };
  }

  private String anchored() {
    return demand.anchor() == null ? "the cluster's domain" : domain(demand.anchor());
  }

  private String alternatives() {
    List<Alternative> all = refusal.alternatives();
    if (all.isEmpty()) {
      return " Nothing else of the model would fit, no delivery is expected that would take it, and no"
          + " planned work ends that would make room.";
    }
    List<String> shown = shown(all).map(RefusalWords::words).toList();
    String more = all.size() > ALTERNATIVES ? "; more in params.alternatives" : "";
    return " What would do: " + String.join("; ", shown) + more + ".";
  }

  /** The first ones; when room comes back, at the site asked for if there, is always among them. */
  private Stream<Alternative> shown(List<Alternative> all) {
    List<Alternative> first = all.stream().limit(ALTERNATIVES).toList();
    Optional<Alternative.Returning> back =
        all.stream()
            .filter(Alternative.Returning.class::isInstance)
            .map(Alternative.Returning.class::cast)
            .min(Comparator.comparing(one -> !one.site().equals(demand.site())));
    return back.isEmpty() || first.contains(back.get())
        ? first.stream()
        : Stream.concat(first.stream().limit(ALTERNATIVES - 1), back.stream());
  }

  private static String words(Alternative alternative) {
    return switch (alternative) {
      case Alternative.SmallerType smaller ->
          "%d of %s".formatted(smaller.instances(), smaller.instanceType());
      case Alternative.OtherSite other ->
          "%d of it at %s".formatted(other.instances(), other.site());
      case Alternative.FewerInstances fewer ->
          "%d instances in one %s of %s"
              .formatted(fewer.instances(), name(fewer.level().name()), fewer.site());
      case Alternative.WiderLevel wider ->
          "all of it in one %s of %s".formatted(name(wider.level().name()), wider.site());
      case Alternative.Relaxed relaxed ->
          "%d of it without %s".formatted(relaxed.instances(), name(relaxed.wish().name()));
      case Alternative.Later later ->
          "%d more GPUs at %s, due %s".formatted(later.gpus(), later.site(), later.due());
      case Alternative.Returning back ->
          "%d of it at %s from %s, when planned maintenance ends"
              .formatted(back.instances(), back.site(), back.at());
      case Alternative.Overdue overdue ->
          "%d more GPUs at %s, overdue since %s without a new date"
              .formatted(overdue.gpus(), overdue.site(), overdue.since());
    };
  }

  private static String name(String constant) {
    return constant.replace('_', ' ').toLowerCase(Locale.ROOT);
  }
}
