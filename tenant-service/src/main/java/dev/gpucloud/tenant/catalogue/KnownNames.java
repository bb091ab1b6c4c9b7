package dev.gpucloud.tenant.catalogue;

import dev.gpucloud.tenant.engine.Violations;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The names that there are of each kind. While none is known of a kind, every name passes. */
record KnownNames(Map<Named.Kind, SortedSet<String>> names) {
  static final int MOST_SHOWN = 50;

  /** What is unknown of these, each with the names that could stand there. */
  Violations violations(List<Named> asked) {
    var violations = new Violations();
    for (Named name : asked) {
      SortedSet<String> known = names.getOrDefault(name.kind(), new TreeSet<>());
      if (!known.isEmpty() && !known.contains(name.name())) {
        violations.add(
            name.pointer(),
            "there is no %s '%s'; there are %s"
                .formatted(name.kind().words(), name.name(), shown(known)));
      }
    }
    return violations;
  }

  private static String shown(SortedSet<String> known) {
    String first = String.join(", ", known.stream().limit(MOST_SHOWN).toList());
    return known.size() > MOST_SHOWN ? first + " and others" : first;
  }
}
