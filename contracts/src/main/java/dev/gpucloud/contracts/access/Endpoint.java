package dev.gpucloud.contracts.access;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code docs/access/<service>.csv}, which is part of the build: an endpoint, who is let
 * through, and what the audit log calls what it does.
 *
 * @param keys whether API keys are let through
 * @param answer the status for a request without content that is let through
 * @param action the audit log's name, for what was done and for what was refused
 */
public record Endpoint(
    String method, String path, Set<String> callers, boolean keys, int answer, String action) {
  /** The services with a table. */
  public static final List<String> SERVICES =
      List.of("tenant-service", "inventory-service", "billing-service");

  private static final String HEADER = "method,path,callers,keys,answer,action";

  /**
   * Every endpoint of a service; none for a service without a table.
   *
   * @throws IllegalArgumentException for a row that is none
   */
  public static List<Endpoint> of(String service) {
    try (InputStream in = Endpoint.class.getResourceAsStream(service + ".csv")) {
      return in == null ? List.of() : read(service, in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Endpoint> read(String service, InputStream in) throws IOException {
    var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    @Nullable String header = reader.readLine();
    if (!HEADER.equals(header)) {
      throw new IllegalArgumentException(service + ".csv does not begin with " + HEADER);
    }
    return reader.lines().map(Endpoint::parse).toList();
  }

  static Endpoint parse(String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != 6
        || !Set.of("yes", "no").contains(cells[3])
        || !cells[5].matches("[a-z0-9-]+(\\.[a-z0-9-]+)+")) {
      throw new IllegalArgumentException("no row of " + HEADER + ": " + line);
    }
    return new Endpoint(
        cells[0],
        cells[1],
        Arrays.stream(cells[2].split(" ")).collect(Collectors.toUnmodifiableSet()),
        cells[3].equals("yes"),
        Integer.parseInt(cells[4]),
        cells[5]);
  }

  /** Method and path template, such as {@code POST /api/v1/projects/{project}/instances}. */
  public String route() {
    return method + " " + path;
  }
}
