package dev.gpucloud.testsupport.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The table {@code docs/access/<service>.csv}: every endpoint of a service and who may call it. */
public record AccessTable(List<AccessRule> rules) {
  private static final String HEADER = "method,path,callers,keys,answer";

  /**
   * Reads the table of a service.
   *
   * @throws IllegalArgumentException for a row that is none, or an endpoint with two rows
   */
  public static AccessTable of(String service) {
    Path file = Path.of(System.getProperty("gpucloud.root"), "docs/access", service + ".csv");
    try {
      List<String> lines = Files.readAllLines(file);
      if (!lines.getFirst().equals(HEADER)) {
        throw new IllegalArgumentException(file + " does not begin with " + HEADER);
      }
      var table = new AccessTable(lines.stream().skip(1).map(AccessRule::parse).toList());
      if (table.endpoints().size() != table.rules.size()) {
        throw new IllegalArgumentException(file + " has two rows for one endpoint");
      }
      return table;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each endpoint as {@code METHOD path}, in order. */
  public Set<String> endpoints() {
    return rules.stream().map(AccessRule::toString).collect(Collectors.toCollection(TreeSet::new));
  }
}
