package dev.gpucloud.tenant.grants;

import dev.gpucloud.contracts.event.CreditFact;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.CreditId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.text.Texts;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.outbox.Outbox;
import dev.gpucloud.kit.outbox.OutboxEvent;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.LastDay;
import dev.gpucloud.tenant.engine.Violations;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.Actor;
import dev.gpucloud.tenant.tenants.TenantService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Gives tenants credits in won that expire, withdraws them, and tells billing. */
@ApplicationScoped
class CreditGrants {
  private static final long MOST_KRW = 1_000_000_000_000L;
  private static final UUID FIRST = new UUID(0, 0);

  private final Transactions transactions;
  private final TenantService tenants;
  private final Outbox outbox;
  private final Audit audit;
  private final Notifications notifications;
  private final Caller caller;
  private final InstantSource clock;

  CreditGrants(
      Transactions transactions,
      TenantService tenants,
      Outbox outbox,
      Audit audit,
      Notifications notifications,
      Caller caller,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.tenants = tenants;
    this.outbox = outbox;
    this.audit = audit;
    this.notifications = notifications;
    this.caller = caller;
    this.clock = clock;
  }

  /** A credit to be given. */
  @Schema(
      name = "GiveCredit",
      examples =
          """
          {
            "name": "research-credit",
            "amountKrw": 30000000,
            "expires": "2028-03-31",
            "reason": "Research programme 2028."
          }""")
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
      LastDay.refusal(expires == null ? LocalDate.MIN : expires, today)
          .ifPresent(why -> violations.add("/expires", why));
      if (reason == null || !Texts.isPrintable(reason, 1000)) {
        violations.add("/reason", "expected 1 to 1000 printable characters");
      }
      Refusals.throwIfAny(violations);
    }

    CreditView given(TenantId tenant, String by, Instant now) {
      return new CreditView(
          new CreditId(Ids.next()),
          tenant,
          Objects.requireNonNull(name),
          Objects.requireNonNull(amountKrw),
          Objects.requireNonNull(expires),
          "ACTIVE",
          now,
          by,
          Objects.requireNonNull(reason),
          null,
          null,
          null);
    }
  }

  /** Why a credit is withdrawn. */
  @Schema(
      name = "WithdrawCredit",
      examples =
          """
          {"reason": "The programme was left."}""")
  record Withdrawal(
      @Schema(required = true, maxLength = 1000, description = "Shown to the tenant.")
          @Nullable String reason) {
    void check() {
      var violations = new Violations();
      if (reason == null || !Texts.isPrintable(reason, 1000)) {
        violations.add("/reason", "expected 1 to 1000 printable characters");
      }
      Refusals.throwIfAny(violations);
    }
  }

  Uni<CreditView> give(Mutiny.Session s, String tenantName, Credit credit) {
    Instant now = clock.instant();
    credit.check(LastDay.today(now));
    return tenants
        .load(s, tenantName)
        .invoke(tenant -> tenant.requireStaying("is given nothing"))
        .map(tenant -> credit.given(tenant.id(), caller.username(), now))
        .call(given -> insert(s, given))
        .call(given -> outbox.append(s, event(EventTypes.CREDIT_GRANTED, given, 1, now)))
        .call(
            given ->
                audit.changed(
                    s,
                    AuditChange.of("tenant.credit.give", "credit", given.name())
                        .at(given.tenantId())
                        .to(credit)));
  }

  private static Uni<Void> insert(Mutiny.Session s, CreditView given) {
    return Sql.update(
            s,
            """
            insert into credit_grant
              (id, tenant_id, name, amount_krw, expires, reason, created_by, created_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict (tenant_id, name) do nothing""",
            given.id().value(),
            given.tenantId().value(),
            given.name(),
            given.amountKrw(),
            given.expires(),
            given.reason(),
            given.createdBy(),
            given.createdAt())
        .invoke(
            inserted -> {
              if (inserted == 0) {
                throw ProblemType.ALREADY_EXISTS
                    .because("The tenant has a credit '" + given.name() + "' already.")
                    .at("/name", "is in use");
              }
            })
        .replaceWithVoid();
  }

  /** Those of a tenant as its members see them. */
  Uni<Page<CreditView>> listOf(TenantId tenant, PageRequest page) {
    return transactions.asTenant(tenant, s -> page(s, tenant, page, CreditView::forMembers));
  }

  /** Those of a tenant by id or slug, for the platform. */
  Uni<Page<CreditView>> listForPlatform(String tenantName, PageRequest page) {
    return transactions.asPlatform(
        s ->
            tenants
                .load(s, tenantName)
                .chain(tenant -> page(s, tenant.id(), page, UnaryOperator.identity())));
  }

  private Uni<Page<CreditView>> page(
      Mutiny.Session s, TenantId tenant, PageRequest page, UnaryOperator<CreditView> shown) {
    LocalDate today = LastDay.today(clock.instant());
    return Sql.rows(
            s,
            "select "
                + CreditView.COLUMNS
                + "from credit_grant where tenant_id = ?1 and id > ?2 order by id limit ?3",
            tenant.value(),
            page.afterId().orElse(FIRST),
            page.limit())
        .map(rows -> rows.stream().map(row -> CreditView.of(row, today)).toList())
        .map(found -> page.page(found, shown, last -> Map.of("id", last.id().value().toString())));
  }

  /** Ends a credit now: it pays for no usage from here on, and what it has paid stays paid. */
  Uni<CreditView> withdraw(String tenantName, String id, Withdrawal why) {
    why.check();
    Instant now = clock.instant();
    return transactions.asPlatform(
        s ->
            tenants
                .load(s, tenantName)
                .chain(tenant -> lock(s, tenant.id(), id, now))
                .invoke(CreditGrants::requireActive)
                .chain(
                    before ->
                        withdraw(
                            s,
                            before,
                            before.withdrawn(
                                now, caller.username(), Objects.requireNonNull(why.reason())),
                            now)));
  }

  /** Ends what a tenant has of credits, when it ends itself. */
  Uni<Void> withdrawAll(Mutiny.Session s, TenantId tenant, String why) {
    Instant now = clock.instant();
    LocalDate today = LastDay.today(now);
    return Sql.rows(
            s,
            "select "
                + CreditView.COLUMNS
                + "from credit_grant where tenant_id = ?1 and withdrawn_at is null"
                + " and expires >= ?2 order by id for update",
            tenant.value(),
            today)
        .chain(
            rows -> {
              Uni<Void> done = Uni.createFrom().voidItem();
              for (Object[] row : rows) {
                CreditView before = CreditView.of(row, today);
                CreditView after = before.withdrawn(now, Actor.SYSTEM.name(), why);
                done = done.chain(() -> withdraw(s, before, after, now)).replaceWithVoid();
              }
              return done;
            });
  }

  private Uni<CreditView> withdraw(
      Mutiny.Session s, CreditView before, CreditView after, Instant now) {
    return Sql.update(
            s,
            """
            update credit_grant set withdrawn_at = ?2, withdrawn_by = ?3, withdrawn_reason = ?4
            where id = ?1""",
            after.id().value(),
            now,
            after.withdrawnBy(),
            after.withdrawnReason())
        .chain(() -> outbox.append(s, event(EventTypes.CREDIT_WITHDRAWN, after, 2, now)))
        .chain(
            () ->
                audit.changed(
                    s,
                    AuditChange.of("tenant.credit.withdraw", "credit", after.name())
                        .at(after.tenantId())
                        .from(before)
                        .to(after)))
        .chain(() -> notifications.tell(s, notice(after, now)))
        .replaceWith(after);
  }

  private static Notice notice(CreditView credit, Instant now) {
    return Notice.of(
            NotificationKind.CREDIT_WITHDRAWN, credit.tenantId(), credit.id().toString(), now)
        .with("name", credit.name())
        .with("amountWon", NumberFormat.getIntegerInstance(Locale.ROOT).format(credit.amountKrw()))
        .with("withdrawnAt", now)
        .with("reason", credit.withdrawnReason());
  }

  private Uni<CreditView> lock(Mutiny.Session s, TenantId tenant, String id, Instant now) {
    CreditId parsed;
    try {
      parsed = CreditId.parse(id);
    } catch (IllegalArgumentException e) {
      throw Refusals.notFound("credit");
    }
    return Sql.rows(
            s,
            "select "
                + CreditView.COLUMNS
                + "from credit_grant where tenant_id = ?1 and id = ?2 for update",
            tenant.value(),
            parsed.value())
        .map(
            rows -> {
              if (rows.isEmpty()) {
                throw Refusals.notFound("credit");
              }
              return CreditView.of(rows.getFirst(), LastDay.today(now));
            });
  }

  private static void requireActive(CreditView credit) {
    if (!credit.state().equals("ACTIVE")) {
      throw ProblemType.STATE_CONFLICT
          .because("The credit is %s; nothing is left to withdraw.".formatted(credit.state()))
          .with("state", credit.state());
    }
  }

  private static OutboxEvent event(String type, CreditView credit, long sequence, Instant now) {
    CreditFact fact = credit.fact();
    return new OutboxEvent(
        Ids.next(),
        Topics.GRANTS,
        fact.key(),
        type,
        fact.key(),
        fact.tenantId(),
        sequence,
        now,
        fact);
  }
}
