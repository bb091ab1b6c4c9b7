package dev.gpucloud.tenant.directory;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A piece of work that was taken: an organisation, or one member of it. */
record DirectoryEntry(
    UUID tenant, String subject, long wanted, int attempts, @Nullable String externalId) {
  boolean isOrganisation() {
    return subject.isEmpty();
  }
}
