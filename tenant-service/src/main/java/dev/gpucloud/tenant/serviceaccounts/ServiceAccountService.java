package dev.gpucloud.tenant.serviceaccounts;

import dev.gpucloud.contracts.id.ServiceAccountId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.apikeys.KeyRevocation;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.members.Grant;
import dev.gpucloud.tenant.members.MemberRoles;
import dev.gpucloud.tenant.members.MemberView;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.request.UniqueViolations;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Makes, changes and deletes service accounts. Their roles are those of the member they are. */
@ApplicationScoped
class ServiceAccountService {
  private static final UUID FIRST = new UUID(0, 0);

  private final Transactions transactions;
  private final ServiceAccountRepository accounts;
  private final MemberRoles roles;
  private final KeyRevocation keys;
  private final Audit audit;
  private final InstantSource clock;

  ServiceAccountService(
      Transactions transactions,
      ServiceAccountRepository accounts,
      MemberRoles roles,
      KeyRevocation keys,
      Audit audit,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.accounts = accounts;
    this.roles = roles;
    this.keys = keys;
    this.audit = audit;
    this.clock = clock;
  }

  /** Makes an account in the caller's transaction. */
  Uni<ServiceAccountView> create(
      Mutiny.Session session, TenantId tenant, ServiceAccountRequest request) {
    var violations = new Violations();
    String description = request.checkedDescription(violations);
    Grant grant = request.grant(violations);
    Refusals.throwIfAny(violations);
    ServiceAccountEntity account =
        ServiceAccountEntity.of(tenant, grant.username(), description, clock.instant());
    return session
        .persist(account)
        .chain(session::flush)
        .onFailure(UniqueViolations::is)
        .transform(
            raced ->
                ProblemType.ALREADY_EXISTS
                    .because("The tenant has a service account of this name.")
                    .at("/name", "is in use"))
        .chain(() -> roles.set(session, tenant, account.subject(), grant))
        .map(member -> ServiceAccountView.of(account, member))
        .call(view -> audit.changed(session, change("create", account).to(view)));
  }

  private static AuditChange change(String verb, ServiceAccountEntity account) {
    return AuditChange.ofAccess(
            "tenant.service-account." + verb, "service-account", account.id().toString())
        .at(account.tenant());
  }

  Uni<Page<ServiceAccountView>> list(TenantId tenant, PageRequest page) {
    UUID after = page.afterId().orElse(FIRST);
    return transactions.asTenant(
        tenant,
        session ->
            accounts
                .page(session, tenant, after, page.limit())
                .chain(
                    rows ->
                        members(session, tenant, rows)
                            .map(
                                members ->
                                    page.page(
                                        rows,
                                        row -> view(row, members),
                                        row -> Map.of("id", row.id().value().toString())))));
  }

  private Uni<Map<String, MemberView>> members(
      Mutiny.Session session, TenantId tenant, List<ServiceAccountEntity> rows) {
    return roles.of(session, tenant, rows.stream().map(ServiceAccountEntity::subject).toList());
  }

  private static ServiceAccountView view(
      ServiceAccountEntity row, Map<String, MemberView> members) {
    return ServiceAccountView.of(row, Objects.requireNonNull(members.get(row.subject())));
  }

  Uni<ServiceAccountView> load(TenantId tenant, String id) {
    return transactions.asTenant(
        tenant,
        session ->
            accounts
                .find(session, parse(id), LockModeType.NONE)
                .map(row -> seen(tenant, row))
                .chain(
                    row ->
                        members(session, tenant, List.of(row)).map(members -> view(row, members))));
  }

  /** Gives an account exactly the roles asked for, on the version that the caller has seen. */
  Uni<ServiceAccountView> set(
      TenantId tenant, String id, ServiceAccountRequest request, @Nullable String ifMatch) {
    var violations = new Violations();
    String description = request.checkedDescription(violations);
    Grant grant = request.grant(violations);
    return transactions.asTenant(
        tenant,
        session ->
            accounts
                .find(session, parse(id), LockModeType.PESSIMISTIC_WRITE)
                .map(row -> seen(tenant, row))
                .invoke(row -> ETags.require(ifMatch, row.version()))
                .invoke(row -> requireName(row, grant, violations))
                .chain(row -> set(session, row, description, grant)));
  }

  private Uni<ServiceAccountView> set(
      Mutiny.Session session, ServiceAccountEntity row, String description, Grant grant) {
    row.change(description, clock.instant());
    return roles
        .set(session, row.tenant(), row.subject(), grant)
        .map(member -> ServiceAccountView.of(row, member))
        .call(after -> audit.changed(session, change("set", row).to(after)));
  }

  private static void requireName(ServiceAccountEntity row, Grant grant, Violations violations) {
    if (violations.isEmpty() && !row.name().equals(grant.username())) {
      violations.add("/name", "is " + row.name() + " and cannot be changed");
    }
    Refusals.throwIfAny(violations);
  }

  /** Takes its roles away and ends its keys. */
  Uni<Void> delete(TenantId tenant, String id, String by, @Nullable String ifMatch) {
    return transactions.asTenant(
        tenant,
        session ->
            accounts
                .find(session, parse(id), LockModeType.PESSIMISTIC_WRITE)
                .map(row -> seen(tenant, row))
                .invoke(row -> ETags.require(ifMatch, row.version()))
                .invoke(row -> row.delete(clock.instant()))
                .chain(row -> delete(session, tenant, row, by)));
  }

  private Uni<Void> delete(
      Mutiny.Session session, TenantId tenant, ServiceAccountEntity row, String by) {
    return keys.revokeAll(session, tenant, row.subject(), by)
        .chain(() -> roles.revoke(session, tenant, row.subject(), row.name()))
        .chain(() -> audit.changed(session, change("delete", row)));
  }

  private static ServiceAccountId parse(String id) {
    try {
      return ServiceAccountId.parse(id);
    } catch (IllegalArgumentException e) {
      throw Refusals.notFound("service account");
    }
  }

  private static ServiceAccountEntity seen(TenantId tenant, @Nullable ServiceAccountEntity row) {
    if (row == null || row.deleted() || !row.tenant().equals(tenant)) {
      throw Refusals.notFound("service account");
    }
    return row;
  }
}
