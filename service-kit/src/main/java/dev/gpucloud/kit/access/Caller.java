package dev.gpucloud.kit.access;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** Who sent the current request and where it acts. */
@RequestScoped
public class Caller {
  private final SecurityIdentity identity;
  private @Nullable TenantScope scope;
  private String route = "";
  private String target = "";
  private String requestId = "";

  Caller(SecurityIdentity identity) {
    this.identity = identity;
  }

  /** The token's {@code sub}; empty for an anonymous caller. */
  public String subject() {
    return identity.getPrincipal() instanceof JsonWebToken token ? token.getSubject() : "";
  }

  /** The name a person knows, for history and audit. */
  public String username() {
    if (identity.getPrincipal() instanceof JsonWebToken token) {
      Object name = token.getClaim("preferred_username");
      return name == null ? token.getSubject() : name.toString();
    }
    return "anonymous";
  }

  /** Platform roles from the token. */
  public Set<String> platformRoles() {
    return identity.getRoles();
  }

  /** The tenant and project of the path; throws IllegalStateException without @TenantAccess. */
  public TenantScope scope() {
    if (scope == null) {
      throw new IllegalStateException("the resource method has no @TenantAccess");
    }
    return scope;
  }

  /** Method and path template, such as {@code POST /projects/{project}/instances}. */
  public String route() {
    return route;
  }

  /** Method and path as sent. */
  public String target() {
    return target;
  }

  /** The request id of the answer. */
  public String requestId() {
    return requestId;
  }

  void enter(TenantScope entered) {
    scope = entered;
  }

  /** Set by the edge before the resource runs. */
  public void on(String routeTemplate, String requestTarget, String id) {
    route = routeTemplate;
    target = requestTarget;
    requestId = id;
  }
}
