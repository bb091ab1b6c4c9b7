package dev.gpucloud.kit.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.AuditFact;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.http.RouteOf;
import dev.gpucloud.kit.http.SourceAddress;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that refused requests are counted: 403, 404 for a tenant that is not the caller's, and
 * 401 when the token refused names a subject. Nobody has proved that name.
 */
class DenialFilter {
  private static final int LONGEST_PATH = 200;
  private static final int LONGEST_SUBJECT = 64;
  private static final String BEARER = "Bearer ";

  private final Denials denials;
  private final Caller caller;
  private final CurrentVertxRequest current;
  private final ObjectMapper json;

  DenialFilter(Denials denials, Caller caller, CurrentVertxRequest current, ObjectMapper json) {
    this.denials = denials;
    this.caller = caller;
    this.current = current;
    this.json = json;
  }

  @ServerResponseFilter
  void leave(
      ContainerRequestContext request, ContainerResponseContext response, ResourceInfo resource) {
    int status = response.getStatus();
    switch (status) {
      case 401 -> claimed(request).ifPresent(actor -> count(request, resource, actor, status));
      case 403 -> count(request, resource, caller.auditActor(), status);
      case 404 -> {
        if (caller.isForeign()) {
          count(request, resource, caller.auditActor(), status);
        }
      }
      default -> {}
    }
  }

  private void count(
      ContainerRequestContext request, ResourceInfo resource, AuditFact.Actor actor, int status) {
    String path = request.getUriInfo().getPath();
    denials.count(
        new Denials.Kind(
            actor,
            source(request),
            caller.route().isEmpty() ? RouteOf.request(request, resource) : caller.route(),
            path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH),
            caller.tenantAsked(),
            status),
        requestId(request));
  }

  /** A request refused for its token or platform role has met no filter that notes where from. */
  private @Nullable String source(ContainerRequestContext request) {
    String noted = caller.sourceAddress();
    RoutingContext http = current.getCurrent();
    return noted != null || http == null ? noted : SourceAddress.of(request, http.request());
  }

  private @Nullable String requestId(ContainerRequestContext request) {
    return caller.requestId().isEmpty()
        ? request.getHeaderString("X-Request-Id")
        : caller.requestId();
  }

  /** The subject that a refused token claims. */
  private Optional<AuditFact.Actor> claimed(ContainerRequestContext request) {
    String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.startsWith(BEARER)) {
      return Optional.empty();
    }
    String[] parts = header.substring(BEARER.length()).split("\\.");
    if (parts.length < 2) {
      return Optional.empty();
    }
    try {
      JsonNode claims = json.readTree(Base64.getUrlDecoder().decode(parts[1]));
      String subject = claims.path("sub").asText("");
      return subject.isEmpty() || subject.length() > LONGEST_SUBJECT || subject.indexOf('\0') >= 0
          ? Optional.empty()
          : Optional.of(new AuditFact.Actor("UNVERIFIED", subject, null, null, null));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
