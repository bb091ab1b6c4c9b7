package dev.gpucloud.tenant.apikeys;

import dev.gpucloud.contracts.id.ApiKeyId;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.ServiceAccountId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.key.ApiKey;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.TenantRole;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.members.MemberEntity;
import dev.gpucloud.tenant.members.MemberRepository;
import dev.gpucloud.tenant.members.ProjectMemberEntity;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.projects.ProjectRepository;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.TenantRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Makes, lists and ends keys. Owners see and end all keys of their tenant, members their own. */
@ApplicationScoped
class ApiKeyService {
  private static final UUID FIRST = new UUID(0, 0);

  private final Transactions transactions;
  private final ApiKeyRepository keys;
  private final MemberRepository members;
  private final ProjectRepository projects;
  private final TenantRepository tenants;
  private final KeyRevocation revocation;
  private final Notifications notifications;
  private final ApiKeysConfig config;
  private final InstantSource clock;

  ApiKeyService(
      Transactions transactions,
      ApiKeyRepository keys,
      MemberRepository members,
      ProjectRepository projects,
      TenantRepository tenants,
      KeyRevocation revocation,
      Notifications notifications,
      ApiKeysConfig config,
      @SystemClock InstantSource clock) {
    this.transactions = transactions;
    this.keys = keys;
    this.members = members;
    this.projects = projects;
    this.tenants = tenants;
    this.revocation = revocation;
    this.notifications = notifications;
    this.config = config;
    this.clock = clock;
  }

  /** Who asks, and whether as an owner. */
  record Asker(TenantId tenant, String subject, String name, boolean owner) {
    boolean sees(ApiKeyEntity key) {
      return owner || key.subject().equals(subject);
    }
  }

  /** Stores a key that the caller has made, in the caller's transaction. */
  Uni<ApiKeyView> create(
      Mutiny.Session session, Asker asker, ApiKey key, CreateApiKeyRequest request) {
    Instant now = clock.instant();
    var violations = new Violations();
    ServiceAccountId account = request.account(violations);
    var spec =
        new KeySpec(
            asker.tenant(),
            account == null ? asker.subject() : account.toString(),
            asker.subject(),
            request.checkedName(violations),
            request.checkedRoles(violations),
            request.checkedProjects(violations),
            request.checkedActions(violations),
            request.checkedExpiry(
                now, config.defaultLifetime(), config.longestLifetime(), violations));
    Refusals.throwIfAny(violations);
    if (account != null && !asker.owner()) {
      throw ProblemType.FORBIDDEN
          .because("Keys of service accounts need the role OWNER.")
          .with("requiredRoles", List.of(TenantRole.OWNER));
    }
    return tenants
        .find(session, spec.tenant())
        .invoke(tenant -> Objects.requireNonNull(tenant).requireStaying("makes no keys"))
        .chain(() -> members.findLocked(session, spec.tenant(), spec.subject()))
        .map(holder -> holder(holder, account))
        .call(() -> requireProjects(session, spec))
        .chain(holder -> requireRoles(session, spec, holder))
        .chain(() -> keys.countActive(session, spec.tenant(), spec.subject(), now))
        .invoke(this::requireRoom)
        .chain(() -> persist(session, ApiKeyEntity.of(key, spec, now)))
        .call(row -> notifications.tell(session, made(row, asker)))
        .map(row -> ApiKeyView.of(row, now));
  }

  private static Notice made(ApiKeyEntity row, Asker asker) {
    return Notice.of(
            NotificationKind.API_KEY_CREATED, row.tenant(), row.id().toString(), row.createdAt())
        .person(row.subject())
        .with("keyName", row.name())
        .with("createdBy", asker.name())
        .with("expiresAt", row.expiresAt());
  }

  private static MemberEntity holder(
      @Nullable MemberEntity holder, @Nullable ServiceAccountId account) {
    if (holder != null && holder.active()) {
      return holder;
    }
    if (account != null) {
      throw ProblemType.UNKNOWN_REFERENCE
          .because("The tenant has no such service account.")
          .at("/serviceAccount", "is unknown");
    }
    throw Refusals.notFound("member");
  }

  private Uni<Void> requireProjects(Mutiny.Session session, KeySpec spec) {
    if (spec.projects().isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    List<UUID> wanted = spec.projects().stream().map(ProjectId::value).toList();
    return projects
        .existing(session, spec.tenant(), wanted)
        .invoke(
            found -> {
              var violations = new Violations();
              for (int i = 0; i < wanted.size(); i++) {
                if (!found.contains(wanted.get(i))) {
                  violations.add("/projects/" + i, "the tenant has no such project");
                }
              }
              Refusals.throwIfAny(ProblemType.UNKNOWN_REFERENCE, violations);
            })
        .replaceWithVoid();
  }

  /** The holder must have every role asked for, at the tenant or at each of the projects. */
  private Uni<Void> requireRoles(Mutiny.Session session, KeySpec spec, MemberEntity holder) {
    return members
        .projectRoles(session, spec.tenant(), List.of(spec.subject()))
        .invoke(
            rows -> {
              Set<TenantRole> atTenant = covered(holder.roles());
              var violations = new Violations();
              int i = 0;
              for (TenantRole role : spec.roles().stream().sorted().toList()) {
                boolean held =
                    atTenant.contains(role)
                        || (!spec.projects().isEmpty()
                            && spec.projects().stream().allMatch(p -> holds(rows, p, role)));
                if (!held) {
                  violations.add(
                      "/roles/" + i, role + " is more than the holder of the key has there");
                }
                i++;
              }
              if (!violations.isEmpty()) {
                Refusals.throwIfAny(ProblemType.UNPROCESSABLE, violations);
              }
            })
        .replaceWithVoid();
  }

  private static boolean holds(List<ProjectMemberEntity> rows, ProjectId project, TenantRole role) {
    return rows.stream()
        .anyMatch(row -> row.project().equals(project) && covered(row.roles()).contains(role));
  }

  private static Set<TenantRole> covered(Collection<MemberRole> roles) {
    return roles.stream()
        .map(role -> TenantRole.valueOf(role.name()))
        .flatMap(role -> role.covered().stream())
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(TenantRole.class)));
  }

  private void requireRoom(long active) {
    if (active >= config.keysPerHolder()) {
      throw ProblemType.STATE_CONFLICT
          .because("A holder has at most %d keys; revoke one.".formatted(config.keysPerHolder()))
          .with("limit", config.keysPerHolder());
    }
  }

  private static Uni<ApiKeyEntity> persist(Mutiny.Session session, ApiKeyEntity row) {
    return session.persist(row).chain(session::flush).replaceWith(row);
  }

  Uni<Page<ApiKeyView>> list(Asker asker, PageRequest page) {
    UUID after = after(page.after().get("id"));
    Instant now = clock.instant();
    return transactions
        .asTenant(
            asker.tenant(),
            session ->
                keys.page(
                    session,
                    asker.tenant(),
                    asker.owner() ? null : asker.subject(),
                    after,
                    page.limit()))
        .map(
            rows ->
                page.page(
                    rows,
                    row -> ApiKeyView.of(row, now),
                    row -> Map.of("id", row.id().value().toString())));
  }

  private static UUID after(@Nullable String id) {
    try {
      return id == null ? FIRST : UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PAGE_TOKEN.because("The page token is none of this list.");
    }
  }

  Uni<ApiKeyView> load(Asker asker, String id) {
    return transactions
        .asTenant(asker.tenant(), session -> keys.find(session, parse(id)))
        .map(row -> seen(asker, row))
        .map(row -> ApiKeyView.of(row, clock.instant()));
  }

  /** Ends a key; one that has ended already stays so. */
  Uni<Void> revoke(Asker asker, String id) {
    return transactions.asTenant(
        asker.tenant(),
        session ->
            keys.findLocked(session, parse(id))
                .map(row -> seen(asker, row))
                .chain(row -> revocation.revoke(session, row, asker.subject())));
  }

  private static ApiKeyId parse(String id) {
    try {
      return ApiKeyId.parse(id);
    } catch (IllegalArgumentException e) {
      throw Refusals.notFound("API key");
    }
  }

  private static ApiKeyEntity seen(Asker asker, @Nullable ApiKeyEntity row) {
    if (row == null || !row.tenant().equals(asker.tenant()) || !asker.sees(row)) {
      throw Refusals.notFound("API key");
    }
    return row;
  }
}
