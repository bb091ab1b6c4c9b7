package dev.gpucloud.tenant.keys;

import dev.gpucloud.contracts.id.SshKeyId;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Rows of keys; the two tables differ by whose keys they hold and by who may see them. */
@ApplicationScoped
class KeyStore {
  private static final String COLUMNS =
      "key_id, name, type, bits, fingerprint, comment, public_key, created_by, created_at";

  Uni<Void> insert(Mutiny.Session session, KeyOwner owner, SshKeyView key) {
    return Sql.update(
            session,
            "insert into %s (%s, owner) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
                .formatted(owner.table(), COLUMNS),
            key.id().value(),
            key.name(),
            key.type(),
            key.bits(),
            key.fingerprint(),
            key.comment(),
            key.publicKey(),
            key.createdBy(),
            key.createdAt().atOffset(ZoneOffset.UTC),
            owner.id())
        .replaceWithVoid();
  }

  /** Oldest first. */
  Uni<List<SshKeyView>> page(Mutiny.Session session, KeyOwner owner, UUID after, int limit) {
    return Sql.rows(
            session,
            "select %s from %s where owner = ?1 and key_id > ?2 order by key_id limit ?3"
                .formatted(COLUMNS, owner.table()),
            owner.id(),
            after,
            limit)
        .map(rows -> rows.stream().map(KeyStore::view).toList());
  }

  /** Every key of the owner, after others who register for it had to end. */
  Uni<List<SshKeyView>> lockedAll(Mutiny.Session session, KeyOwner owner) {
    return Sql.rows(
            session,
            "select cast(pg_advisory_xact_lock(hashtextextended(?1, 0)) as text)",
            owner.table() + "|" + owner.id())
        .chain(() -> page(session, owner, new UUID(0, 0), Integer.MAX_VALUE));
  }

  /** Answers the key that was there. */
  Uni<Optional<SshKeyView>> delete(Mutiny.Session session, KeyOwner owner, SshKeyId id) {
    return Sql.rows(
            session,
            "delete from %s where owner = ?1 and key_id = ?2 returning %s"
                .formatted(owner.table(), COLUMNS),
            owner.id(),
            id.value())
        .map(rows -> rows.stream().findFirst().map(KeyStore::view));
  }

  private static SshKeyView view(Object[] row) {
    return new SshKeyView(
        new SshKeyId((UUID) row[0]),
        (String) row[1],
        (String) row[2],
        ((Number) row[3]).intValue(),
        (String) row[4],
        (String) row[5],
        (String) row[6],
        (String) row[7],
        row[8] instanceof OffsetDateTime at ? at.toInstant() : (Instant) row[8]);
  }
}
