package dev.gpucloud.kit.idempotency;

import dev.gpucloud.contracts.problem.ProblemType;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses a request that carries two keys: which of them a retry would repeat nobody knows. */
class OneKeyFilter {
  @ServerRequestFilter
  void check(ContainerRequestContext request) {
    List<String> keys = request.getHeaders().getOrDefault(Idempotency.HEADER, List.of());
    if (keys.size() > 1) {
      throw ProblemType.IDEMPOTENCY_KEY_REQUIRED
          .because(
              "The request has %d %s headers; send one.".formatted(keys.size(), Idempotency.HEADER))
          .at(Idempotency.HEADER, "must be sent once");
    }
  }
}
