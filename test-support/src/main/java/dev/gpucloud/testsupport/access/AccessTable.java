package dev.gpucloud.testsupport.access;

import dev.gpucloud.contracts.access.Endpoint;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The table {@code docs/access/<service>.csv}: every endpoint of a service and who may call it. */
public record AccessTable(List<AccessRule> rules) {
  /**
   * Reads the table of a service.
   *
   * @throws IllegalArgumentException for a row that is none, or an endpoint with two rows
   */
  public static AccessTable of(String service) {
    var table = new AccessTable(Endpoint.of(service).stream().map(AccessRule::new).toList());
    if (table.rules.isEmpty() || table.endpoints().size() != table.rules.size()) {
      throw new IllegalArgumentException(
          "the table of " + service + " is empty or has two rows for one endpoint");
    }
    return table;
  }

  /** Each endpoint as {@code METHOD path}, in order. */
  public Set<String> endpoints() {
    return rules.stream().map(AccessRule::toString).collect(Collectors.toCollection(TreeSet::new));
  }
}
