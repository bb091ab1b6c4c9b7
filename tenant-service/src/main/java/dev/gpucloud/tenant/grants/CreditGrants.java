package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.event.CreditFact;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.tenant.engine.Texts;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.TenantService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Gives tenants credits in won that expire, and tells billing. */
@ApplicationScoped
class CreditGrants {
  private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
  private static final long MOST_KRW = 1_000_000_000_000L;
  private final TenantService tenants;
  private final Outbox outbox;
  private final Audit audit;
  private final Caller caller;
  private final InstantSource clock;

  CreditGrants(
      TenantService tenants,
      Outbox outbox,
      Audit audit,
      Caller caller,
      @Business InstantSource clock) {
    this.tenants = tenants;
    this.outbox = outbox;
    this.audit = audit;
    this.caller = caller;
    this.clock = clock;
  }

  /** A credit to be given. */
  @Schema(name = "GiveCredit")
  record Credit(
      @Schema(required = true, examples = "startup-credit", description = "Unique in the tenant.")
          @Nullable String name,
      @Schema(required = true, examples = "30000000") @Nullable Long amountKrw,
      @Schema(required = true, examples = "2027-03-31", description = "The last day, in Seoul.")
          @Nullable LocalDate expires,
      @Schema(required = true, maxLength = 1000) @Nullable String reason) {
    void check(LocalDate today) {
      var violations = new Violations();
      if (name == null || !Texts.isPrintable(name, 63)) {
        violations.add("/name", "expected 1 to 63 printable characters");
      }
      if (amountKrw == null || amountKrw < 1 || amountKrw > MOST_KRW) {
        violations.add("/amountKrw", "expected 1 to " + MOST_KRW + " won");
      }
      if (expires == null || expires.isBefore(today)) {
        violations.add("/expires", "expected a day from " + today);
      }
      if (reason == null || !Texts.isPrintable(reason, 1000)) {
        violations.add("/reason", "expected 1 to 1000 printable characters");
      }
      Refusals.throwIfAny(violations);
    }

    CreditFact fact(TenantId tenant) {
      return new CreditFact(
          tenant,
          Objects.requireNonNull(name),
          Objects.requireNonNull(amountKrw),
          Objects.requireNonNull(expires));
    }
  }

  Uni<CreditFact> give(Mutiny.Session s, String tenantName, Credit credit) {
    Instant now = clock.instant();
    credit.check(LocalDate.ofInstant(now, SEOUL));
    return tenants
        .load(s, tenantName)
        .invoke(tenant -> tenant.requireStaying("is given nothing"))
        .map(tenant -> credit.fact(tenant.id()))
        .call(fact -> insert(s, fact, credit, now))
        .call(fact -> outbox.append(s, event(fact, now)))
        .call(
            fact ->
                audit.changed(
                    s,
                    AuditChange.of("tenant.credit.give", "credit", fact.name())
                        .at(fact.tenantId())
                        .to(credit)));
  }

  private Uni<Void> insert(Mutiny.Session s, CreditFact fact, Credit credit, Instant now) {
    return Sql.update(
            s,
            """
            insert into credit_grant
              (id, tenant_id, name, amount_krw, expires, reason, created_by, created_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict (tenant_id, name) do nothing""",
            Ids.next(),
            fact.tenantId().value(),
            fact.name(),
            fact.amountKrw(),
            fact.expires(),
            credit.reason(),
            caller.username(),
            now)
        .invoke(
            inserted -> {
              if (inserted == 0) {
                throw ProblemType.ALREADY_EXISTS
                    .because("The tenant has a credit '" + fact.name() + "' already.")
                    .at("/name", "is in use");
              }
            })
        .replaceWithVoid();
  }

  private static OutboxEvent event(CreditFact fact, Instant now) {
    return new OutboxEvent(
        Ids.next(),
        Topics.GRANTS,
        fact.key(),
        EventTypes.CREDIT_GRANTED,
        fact.key(),
        fact.tenantId(),
        1,
        now,
        fact);
  }
}
