package dev.gpucloud.tenant.keys;

import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import org.jspecify.annotations.Nullable;

/** Whose key it is; a person's keys belong to no tenant. */
sealed interface KeyOwner {
  /** A person, by subject. */
  record Person(String subject) implements KeyOwner {}

  /** All who work on a project. */
  record Project(TenantId tenant, ProjectId project) implements KeyOwner {}

  /** The tenant that the keys belong to, if any. */
  default @Nullable TenantId tenantOrNull() {
    return this instanceof Project(TenantId tenant, ProjectId project) ? tenant : null;
  }

  /** The table of such owners' keys. */
  default String table() {
    return switch (this) {
      case Person p -> "person_ssh_key";
      case Project p -> "project_ssh_key";
    };
  }

  /** The value of the column that names the owner. */
  default Object id() {
    return switch (this) {
      case Person(String subject) -> subject;
      case Project(TenantId tenant, ProjectId project) -> project.value();
    };
  }
}
