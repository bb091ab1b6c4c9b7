package dev.gpucloud.inventory.discovery.engine;

import dev.gpucloud.contracts.event.HostDiscovery;
import dev.gpucloud.contracts.event.HostDiscovery.FoundGpu;
import dev.gpucloud.inventory.discovery.engine.Finding.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares a host as found with the host as announced; the order of what was found is no matter.
 */
public final class Matching {
  private Matching() {}

  /**
   * A host of the fleet.
   *
   * @param gpuSerials by position, as found before; empty at the first look
   */
  public record Announced(
      String site,
      String name,
      String model,
      int gpus,
      boolean retired,
      Map<Integer, String> gpuSerials) {}

  /**
   * Everything that differs; nothing when the host is as announced.
   *
   * @param elsewhere serials and uuids among those found that other hosts have, with their names
   */
  public static List<Finding> compare(
      Announced host, HostDiscovery found, Map<String, String> elsewhere) {
    List<Finding> findings = new ArrayList<>();
    if (!host.site().equals(found.site())) {
      findings.add(
          new Finding(
              Kind.OTHER_SITE,
              "Host %s is announced for site %s and was found at %s."
                  .formatted(host.name(), host.site(), found.site())));
    }
    if (host.retired()) {
      findings.add(
          new Finding(
              Kind.RETIRED_HOST, "Host %s is retired and was found.".formatted(host.name())));
    }
    count(host, found, findings);
    models(host, found, findings);
    duplicates(host, found, elsewhere, findings);
    changes(host, found, findings);
    health(host, found, findings);
    return findings;
  }

  /** What to say of a host that nobody announced. */
  public static Finding unknown(HostDiscovery found) {
    return new Finding(
        Kind.UNKNOWN_SERIAL,
        "A host with serial %s and %d GPUs was found; no delivery announced it."
            .formatted(found.serial(), found.gpus().size()));
  }

  private static void count(Announced host, HostDiscovery found, List<Finding> findings) {
    if (found.gpus().size() != host.gpus()) {
      findings.add(
          new Finding(
              Kind.WRONG_GPU_COUNT,
              "Host %s has %d GPUs, %d are announced."
                  .formatted(host.name(), found.gpus().size(), host.gpus())));
    }
  }

  private static void models(Announced host, HostDiscovery found, List<Finding> findings) {
    Set<String> others = new TreeSet<>();
    found.gpus().stream()
        .filter(gpu -> !gpu.model().equals(host.model()))
        .forEach(gpu -> others.add(gpu.position() + ": " + gpu.model()));
    if (!others.isEmpty()) {
      findings.add(
          new Finding(
              Kind.WRONG_GPU_MODEL,
              "Host %s should have GPUs of model %s and has at %s."
                  .formatted(host.name(), host.model(), String.join(", ", others))));
    }
  }

  private static void duplicates(
      Announced host, HostDiscovery found, Map<String, String> elsewhere, List<Finding> findings) {
    Set<String> seen = new HashSet<>();
    Set<String> twice = new TreeSet<>();
    for (FoundGpu gpu : found.gpus()) {
      for (String mark : List.of(gpu.serial(), gpu.uuid())) {
        if (!seen.add(mark)) {
          twice.add(mark + " twice in it");
        } else if (elsewhere.containsKey(mark)) {
          twice.add(mark + " also in host " + elsewhere.get(mark));
        }
      }
    }
    if (!twice.isEmpty()) {
      findings.add(
          new Finding(
              Kind.DUPLICATE_GPU,
              "Host %s has GPUs that are not its own: %s."
                  .formatted(host.name(), String.join(", ", twice))));
    }
  }

  private static void changes(Announced host, HostDiscovery found, List<Finding> findings) {
    List<String> changed = new ArrayList<>();
    for (FoundGpu gpu : found.gpus()) {
      String before = host.gpuSerials().get(gpu.position());
      if (before != null && !before.equals(gpu.serial())) {
        changed.add("%d: %s was %s".formatted(gpu.position(), gpu.serial(), before));
      }
    }
    if (!changed.isEmpty()) {
      findings.add(
          new Finding(
              Kind.GPU_CHANGED,
              "Host %s has other GPUs than before at %s."
                  .formatted(host.name(), String.join(", ", changed))));
    }
  }

  private static void health(Announced host, HostDiscovery found, List<Finding> findings) {
    List<String> failed =
        found.gpus().stream()
            .filter(gpu -> gpu.health().equals("FAILED"))
            .map(gpu -> gpu.position() + ": " + gpu.serial())
            .sorted()
            .toList();
    if (!failed.isEmpty()) {
      findings.add(
          new Finding(
              Kind.UNHEALTHY_GPU,
              "Host %s has failed GPUs at %s.".formatted(host.name(), String.join(", ", failed))));
    }
  }
}
