package dev.gpucloud.tenant.me;

import dev.gpucloud.kit.access.KeyGrant;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.apikeys.ApiKeyRepository;
import dev.gpucloud.tenant.engine.MemberRole;
import dev.gpucloud.tenant.members.MemberEntity;
import dev.gpucloud.tenant.members.MemberRepository;
import dev.gpucloud.tenant.members.ProjectMemberEntity;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Finds a person's memberships. This is the one question that spans tenants on behalf of a member,
 * so it runs as the system and every query is bound to the caller's own subject.
 */
@ApplicationScoped
class MeService {
  private static final int MAX_MEMBERSHIPS = 1000;

  private final Transactions transactions;
  private final MemberRepository members;
  private final TenantRepository tenants;
  private final ApiKeyRepository keys;

  MeService(
      Transactions transactions,
      MemberRepository members,
      TenantRepository tenants,
      ApiKeyRepository keys) {
    this.transactions = transactions;
    this.members = members;
    this.tenants = tenants;
    this.keys = keys;
  }

  /** The key of a request that was let in with it. */
  Uni<MeView.Key> key(KeyGrant grant) {
    return transactions
        .readAsSystem(session -> keys.nameOf(session, grant.key()))
        .map(name -> MeView.Key.of(grant, name == null ? "" : name));
  }

  Uni<List<MeView.Membership>> membershipsOf(String subject) {
    return transactions.asSystem(
        session ->
            members
                .ofSubject(session, subject, MAX_MEMBERSHIPS)
                .chain(
                    rows ->
                        rows.isEmpty()
                            ? Uni.createFrom().item(List.of())
                            : withTenants(session, subject, rows)));
  }

  private Uni<List<MeView.Membership>> withTenants(
      Mutiny.Session session, String subject, List<MemberEntity> rows) {
    Map<UUID, MemberEntity> byTenant = new HashMap<>();
    rows.forEach(row -> byTenant.put(row.tenant().value(), row));
    return members
        .projectRolesOfSubject(session, subject)
        .chain(
            projectRoles ->
                tenants
                    .withIds(session, byTenant.keySet())
                    .map(
                        found ->
                            found.stream()
                                .map(t -> membership(t, byTenant.get(t.uuid()), projectRoles))
                                .toList()));
  }

  private static MeView.Membership membership(
      TenantEntity tenant, MemberEntity member, List<ProjectMemberEntity> projectRoles) {
    Map<String, List<String>> byProject = new LinkedHashMap<>();
    projectRoles.stream()
        .filter(row -> row.tenant().equals(tenant.id()))
        .forEach(row -> byProject.put(row.project().toString(), names(row.roles())));
    return new MeView.Membership(
        new MeView.TenantName(tenant.id(), tenant.slug(), tenant.name()),
        names(member.roles()),
        byProject);
  }

  private static List<String> names(Set<MemberRole> roles) {
    return roles.stream().sorted().map(Enum::name).toList();
  }
}
