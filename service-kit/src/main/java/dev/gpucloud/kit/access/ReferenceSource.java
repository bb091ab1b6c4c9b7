package dev.gpucloud.kit.access;

import dev.gpucloud.contracts.event.MembershipFact;
import dev.gpucloud.contracts.event.ProjectFact;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Where a service knows tenants, projects and members from, read in the session of a unit of work
 * of the system: its projections of what tenant-service tells, unless a bean of the service knows
 * better.
 */
public interface ReferenceSource {
  Uni<Optional<TenantFact>> tenant(Mutiny.Session s, TenantId id);

  Uni<Optional<TenantFact>> tenant(Mutiny.Session s, String slug);

  Uni<Optional<ProjectFact>> project(Mutiny.Session s, ProjectId id);

  /** A project by its tenant's slug and its own. */
  Uni<Optional<ProjectFact>> project(Mutiny.Session s, String tenantSlug, String slug);

  /** A person's roles at a tenant and its projects; nothing, or none, for who is no member. */
  Uni<Optional<MembershipFact>> member(Mutiny.Session s, TenantId tenant, String subject);
}
