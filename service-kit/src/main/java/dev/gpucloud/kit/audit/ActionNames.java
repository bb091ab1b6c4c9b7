package dev.gpucloud.kit.audit;

import dev.gpucloud.contracts.access.Endpoint;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What the audit log calls what an endpoint does, whether it was done or refused: the column {@code
 * action} of {@code docs/access/<service>.csv}.
 */
@ApplicationScoped
public class ActionNames {
  private final Map<String, String> byRoute;

  ActionNames(@ConfigProperty(name = "quarkus.application.name") String service) {
    byRoute =
        Endpoint.of(service).stream()
            .collect(Collectors.toUnmodifiableMap(Endpoint::route, Endpoint::action));
  }

  /** The name of a route; one made of its words where the table has no row. */
  public String of(String route) {
    String named = byRoute.get(route);
    return named == null ? RouteNames.action(route) : named;
  }
}
