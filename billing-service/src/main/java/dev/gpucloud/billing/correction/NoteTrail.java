package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.correction.Note.Person;
import dev.gpucloud.contracts.id.NoteId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.clock.Business;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Who did what to a note, and when. */
@ApplicationScoped
class NoteTrail {
  private final Caller caller;
  private final Audit audit;
  private final InstantSource clock;

  NoteTrail(Caller caller, Audit audit, @Business InstantSource clock) {
    this.caller = caller;
    this.audit = audit;
    this.clock = clock;
  }

  /** Who acts now. */
  Person person() {
    return new Person(caller.subject(), caller.username(), clock.instant());
  }

  AuditOrigin origin() {
    return audit.origin();
  }

  Uni<Void> tell(
      Mutiny.Session s, AuditOrigin origin, String action, @Nullable Note before, Note after) {
    return audit.changed(
        s,
        origin,
        AuditChange.of("invoice-note." + action, "invoice-note", new NoteId(after.id()).toString())
            .at(new TenantId(after.tenant()))
            .from(before == null ? null : NoteView.of(before))
            .to(NoteView.of(after)));
  }
}
