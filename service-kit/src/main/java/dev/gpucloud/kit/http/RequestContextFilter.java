package dev.gpucloud.kit.http;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Gives every request an id, for the answer, the log and the caller's support ticket. */
class RequestContextFilter {
  static final String HEADER = "X-Request-Id";

  /** Tells the gateway, which passes it to nobody, to which tenant the caller was let in. */
  static final String TENANT = "X-GpuCloud-Tenant";

  /** As the gateway has it, or the answer's header and its problem would have different ids. */
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");

  private static final int BEFORE_ACCESS = 1000;

  private final Caller caller;

  RequestContextFilter(Caller caller) {
    this.caller = caller;
  }

  @ServerRequestFilter(priority = BEFORE_ACCESS)
  void enter(ContainerRequestContext request, ResourceInfo resource, HttpServerRequest http) {
    String id = idOf(request.getHeaderString(HEADER));
    UriInfo uri = request.getUriInfo();
    caller.on(RouteOf.request(request, resource), request.getMethod() + " " + uri.getPath(), id);
    caller.from(SourceAddress.of(request, http), uri.getPathParameters(), uri.getQueryParameters());
    request.setProperty(HEADER, id);
    MDC.put("requestId", id);
    requireMediaType(request.getHeaderString(HttpHeaders.CONTENT_TYPE));
    requirePlain(request.getHeaderString(HttpHeaders.CONTENT_ENCODING));
  }

  private static void requireMediaType(String contentType) {
    try {
      if (contentType != null) {
        MediaType.valueOf(contentType);
      }
    } catch (IllegalArgumentException e) {
      throw ProblemType.UNSUPPORTED_MEDIA_TYPE.because(
          "The Content-Type header names no media type, such as application/json.");
    }
  }

  /** No body is unpacked here: what is small on the wire could be of any size. */
  private static void requirePlain(String contentEncoding) {
    if (contentEncoding != null && !contentEncoding.strip().equalsIgnoreCase("identity")) {
      throw ProblemType.UNSUPPORTED_MEDIA_TYPE.because(
          "The body is compressed, as its Content-Encoding says; send it as it is, without that"
              + " header.");
    }
  }

  @ServerResponseFilter
  void leave(ContainerRequestContext request, ContainerResponseContext response) {
    Object id = request.getProperty(HEADER);
    if (id != null) {
      response.getHeaders().putSingle(HEADER, id);
    }
    TenantId tenant = caller.tenantOrNull();
    if (tenant != null) {
      response.getHeaders().putSingle(TENANT, tenant.toString());
    }
  }

  static String idOf(String sent) {
    return sent != null && SANE.matcher(sent).matches() ? sent : UUID.randomUUID().toString();
  }
}
