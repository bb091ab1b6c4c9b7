package dev.gpucloud.kit.access;

import dev.gpucloud.contracts.event.AuditFact;
import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.key.KeyActions;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.config.KitConfig;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** Who sent the current request and where it acts. */
@RequestScoped
public class Caller {
  private static final String SERVICE_USER = "service-account-";

  private final SecurityIdentity identity;
  private final String keyIssuer;
  private @Nullable Actor actor;
  private @Nullable TenantScope scope;
  private String route = "";
  private String target = "";
  private String requestId = "";
  private String sourceAddress = "";
  private Map<String, String> parameters = Map.of();
  private boolean foreign;
  private @Nullable TenantId refusedAt;
  private boolean read;
  private int entries;
  private final Set<String> told = new HashSet<>();
  private @Nullable Response made;

  Caller(SecurityIdentity identity, KitConfig config) {
    this.identity = identity;
    this.keyIssuer = config.apiKeys().issuer();
  }

  /** The token's {@code sub}; empty for an anonymous caller. */
  public String subject() {
    return identity.getPrincipal() instanceof JsonWebToken token ? token.getSubject() : "";
  }

  /** Whose roles count, and what an API key leaves of them. */
  public Actor actor() {
    if (actor == null) {
      actor = new Actor(subject(), keyGrant());
    }
    return actor;
  }

  private @Nullable KeyGrant keyGrant() {
    if (!(identity.getPrincipal() instanceof JsonWebToken token)
        || !keyIssuer.equals(token.getIssuer())) {
      return null;
    }
    try {
      return new KeyGrant(
          ApiKeyId.parse(token.getClaim("keyId")),
          TenantId.parse(token.getClaim("tenant")),
          words(token, "projects", ProjectId::parse),
          words(token, "roles", TenantRole::valueOf),
          new KeyActions(words(token, "actions", action -> action)));
    } catch (IllegalArgumentException | NullPointerException | ClassCastException e) {
      throw ProblemType.UNAUTHENTICATED.because("The token does not say what its API key allows.");
    }
  }

  private static <T> Set<T> words(JsonWebToken token, String claim, Function<String, T> parse) {
    String words = token.getClaim(claim);
    return words == null || words.isEmpty()
        ? Set.of()
        : Arrays.stream(words.split(" ")).map(parse).collect(Collectors.toUnmodifiableSet());
  }

  /** The name a person knows, for history and audit. */
  public String username() {
    if (identity.getPrincipal() instanceof JsonWebToken token) {
      Object name = token.getClaim("preferred_username");
      return name == null ? token.getSubject() : name.toString();
    }
    return "anonymous";
  }

  /** The e-mail address that the identity provider has verified to be the caller's. */
  public Optional<String> verifiedEmail() {
    return identity.getPrincipal() instanceof JsonWebToken token
            && "true".equals(String.valueOf(token.<Object>getClaim("email_verified")))
        ? Optional.ofNullable(token.<Object>getClaim("email")).map(Object::toString)
        : Optional.empty();
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

  /** Who acts, as an audit entry names it. */
  public AuditFact.Actor auditActor() {
    if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
      return new AuditFact.Actor("UNVERIFIED", "anonymous", null, null, null);
    }
    Object key = token.getClaim("keyId");
    boolean service = platformRoles().contains("service") || username().startsWith(SERVICE_USER);
    return new AuditFact.Actor(
        key != null ? "KEY" : service ? "SERVICE" : "USER",
        subject(),
        username(),
        token.getClaim("act") instanceof Map<?, ?> act && act.get("sub") != null
            ? String.valueOf(act.get("sub"))
            : null,
        key == null ? null : key.toString());
  }

  /** Where the gateway saw the request come from; information, not proof. */
  public @Nullable String sourceAddress() {
    return sourceAddress.isEmpty() ? null : sourceAddress;
  }

  /** The path's values and the filters of the query, by name. */
  public Map<String, String> parameters() {
    return parameters;
  }

  /** The tenant of the path once the caller was let in there. */
  public @Nullable TenantId tenantOrNull() {
    return scope == null ? null : scope.tenantId();
  }

  /** The tenant that the caller was let in to, or was refused at. */
  public @Nullable TenantId tenantAsked() {
    return scope == null ? refusedAt : scope.tenantId();
  }

  /** Whether the request is answered 404 because of who sent it. */
  public boolean isForeign() {
    return foreign;
  }

  /** True once: the first read of platform staff in the request. */
  public boolean firstRead() {
    boolean first = !read;
    read = true;
    return first;
  }

  /** How many audit entries the request has written. */
  public int entries() {
    return entries;
  }

  /** Counts an audit entry. */
  public void entryWritten(String action) {
    entries++;
    told.add(action);
  }

  /** Whether the request has written an audit entry of this name. */
  public boolean hasTold(String action) {
    return told.contains(action);
  }

  /** Keeps what the request has made, until its unit of work ends. */
  public void made(Response answer) {
    made = answer;
  }

  /** What the request has made, if it made something that it answers with. */
  public @Nullable Response made() {
    return made;
  }

  void enter(TenantScope entered) {
    scope = entered;
  }

  /** Remembers where the caller was not let in. */
  void refuse(TenantScope place) {
    refusedAt = place.tenantId();
  }

  void refuseAsForeign() {
    foreign = true;
  }

  /** Set by the edge before the resource runs. */
  public void from(
      String address,
      MultivaluedMap<String, String> pathParameters,
      MultivaluedMap<String, String> queryParameters) {
    sourceAddress = address;
    var all = new LinkedHashMap<String, String>();
    pathParameters.forEach((name, values) -> all.put(name, values.getFirst()));
    queryParameters.forEach((name, values) -> all.put(name, String.join(",", values)));
    parameters = all;
  }

  /** Set by the edge before the resource runs. */
  public void on(String routeTemplate, String requestTarget, String id) {
    route = routeTemplate;
    target = requestTarget;
    requestId = id;
  }
}
