package dev.gpucloud.tenant.keys;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.SshKeyId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.ssh.SshPublicKey;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.projects.ProjectName;
import dev.gpucloud.tenant.projects.ProjectRepository;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/** Registers, lists and deletes public keys of people and of projects. */
@ApplicationScoped
class SshKeyService {
  private static final UUID FIRST = new UUID(0, 0);

  private final Transactions transactions;
  private final KeyStore keys;
  private final ProjectRepository projects;
  private final Audit audit;
  private final SshKeyConfig config;
  private final InstantSource system;

  SshKeyService(
      Transactions transactions,
      KeyStore keys,
      ProjectRepository projects,
      Audit audit,
      SshKeyConfig config,
      @SystemClock InstantSource system) {
    this.transactions = transactions;
    this.keys = keys;
    this.projects = projects;
    this.audit = audit;
    this.config = config;
    this.system = system;
  }

  /** The owner of a project's keys; fails with NOT_FOUND. */
  Uni<KeyOwner> owner(Mutiny.Session session, TenantId tenant, String projectSlugOrId) {
    return projects
        .find(session, tenant, ProjectName.parse(projectSlugOrId), LockModeType.NONE)
        .map(
            project -> {
              if (project == null) {
                throw Refusals.notFound("project");
              }
              return new KeyOwner.Project(tenant, project.id());
            });
  }

  /** Keeps a key, in the caller's transaction. */
  Uni<SshKeyView> register(
      Mutiny.Session session, KeyOwner owner, RegisterKeyRequest.Named named, String by) {
    SshPublicKey key = named.key();
    var view =
        new SshKeyView(
            new SshKeyId(Ids.next()),
            named.name(),
            key.type().word(),
            key.bits(),
            key.fingerprint(),
            key.comment(),
            key.line(),
            by,
            system.instant());
    return keys.lockedAll(session, owner)
        .invoke(there -> refuse(there, view))
        .chain(() -> keys.insert(session, owner, view))
        .replaceWith(view);
  }

  private void refuse(List<SshKeyView> there, SshKeyView key) {
    for (SshKeyView other : there) {
      if (other.fingerprint().equals(key.fingerprint())) {
        throw ProblemType.ALREADY_EXISTS
            .because("The key is registered already, as '" + other.name() + "'.")
            .at("/publicKey", "is registered as " + other.id());
      }
      if (other.name().equals(key.name())) {
        throw ProblemType.ALREADY_EXISTS
            .because("Another key has the name '" + key.name() + "'.")
            .at("/name", "is in use");
      }
    }
    if (there.size() >= config.mostPerOwner()) {
      throw ProblemType.QUOTA_EXCEEDED
          .because("At most " + config.mostPerOwner() + " keys are kept; delete one first.")
          .with("limit", config.mostPerOwner());
    }
  }

  Uni<Page<SshKeyView>> listOf(String subject, PageRequest page) {
    return transactions.asSystem(session -> page(session, new KeyOwner.Person(subject), page));
  }

  Uni<Page<SshKeyView>> list(TenantId tenant, String project, PageRequest page) {
    return transactions.asTenant(
        tenant,
        session -> owner(session, tenant, project).chain(owner -> page(session, owner, page)));
  }

  private Uni<Page<SshKeyView>> page(Mutiny.Session session, KeyOwner owner, PageRequest page) {
    return keys.page(session, owner, page.afterId().orElse(FIRST), page.limit())
        .map(
            rows ->
                page.page(
                    rows, Function.identity(), key -> Map.of("id", key.id().value().toString())));
  }

  Uni<Void> deleteOf(String subject, String id) {
    SshKeyId parsed = parse(id);
    return transactions.asSystem(session -> delete(session, new KeyOwner.Person(subject), parsed));
  }

  Uni<Void> delete(TenantId tenant, String project, String id) {
    SshKeyId parsed = parse(id);
    return transactions.asTenant(
        tenant,
        session -> owner(session, tenant, project).chain(owner -> delete(session, owner, parsed)));
  }

  private Uni<Void> delete(Mutiny.Session session, KeyOwner owner, SshKeyId id) {
    return keys.delete(session, owner, id)
        .map(found -> found.orElseThrow(() -> Refusals.notFound("SSH key")))
        .chain(
            gone ->
                audit.changed(
                    session,
                    AuditChange.ofAccess("tenant.ssh-key.delete", "ssh-key", id.toString())
                        .at(owner.tenantOrNull())
                        .from(gone)));
  }

  private static SshKeyId parse(String id) {
    try {
      return SshKeyId.parse(id);
    } catch (IllegalArgumentException e) {
      throw Refusals.notFound("SSH key");
    }
  }
}
