package dev.gpucloud.billing.account;

import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.rating.engine.CreditGrant;
import dev.gpucloud.billing.rating.engine.Terms;
import dev.gpucloud.billing.rating.engine.Timeline;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.event.CreditFact;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.event.TenantFact.Programme;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of accounts, terms, credits and what was burned of them. */
@ApplicationScoped
public class AccountRepository {
  private static final int PROGRAMME_PRIORITY = 100;
  private static final String ACCOUNTS =
      """
      select cast(a.id as text), cast(a.tenant_id as text), a.business_number, a.name,
             case when a.business_number = (select o.business_number from operator_version o
                                            order by o.version desc limit 1)
                  then 'SHOWBACK' else a.mode end,
             cast(t.tenant_id as text), t.slug, t.name
      from billing_account a left join account_tenant t on t.account_id = a.id
      """;

  private final InstantSource clock;

  AccountRepository(@Business InstantSource clock) {
    this.clock = clock;
  }

  // ---- written from tenant facts

  /** Appends terms when they differ from those in force. */
  Uni<Void> keepTerms(Mutiny.Session s, TenantFact fact) {
    Terms terms = termsOf(fact, clock.instant());
    return terms(s, List.of(fact.tenantId().value()))
        .map(found -> found.getOrDefault(fact.tenantId(), Timeline.empty()))
        .chain(
            known -> {
              Terms last = known.findAt(Instant.MAX);
              if (last == null) {
                return insertTerms(s, fact.tenantId(), from(terms, Instant.EPOCH));
              }
              return from(last, terms.effectiveFrom()).equals(terms)
                  ? Uni.createFrom().voidItem()
                  : insertTerms(s, fact.tenantId(), terms);
            });
  }

  private static Terms termsOf(TenantFact fact, Instant at) {
    Programme programme = fact.programme();
    boolean shares = programme != null && programme.customerSharePct() != null;
    return new Terms(
        at,
        fact.kind(),
        fact.segment(),
        shares ? Rational.of(Objects.requireNonNull(programme.customerSharePct())) : null,
        shares ? endOf(programme.expires()) : null);
  }

  private static Terms from(Terms t, Instant at) {
    return new Terms(at, t.kind(), t.segment(), t.customerSharePct(), t.shareEndsAt());
  }

  /** A date used as a limit means the end of that day in Seoul. */
  private static @Nullable Instant endOf(@Nullable LocalDate day) {
    return day == null ? null : day.plusDays(1).atStartOfDay(BillingMonth.ZONE).toInstant();
  }

  private static Uni<Void> insertTerms(Mutiny.Session s, TenantId tenant, Terms t) {
    return Sql.update(
            s,
            """
            insert into tenant_terms
              (tenant_id, effective_from, kind, segment, customer_share_pct, share_ends_at)
            values (?1, ?2, ?3, cast(?4 as text), cast(cast(?5 as text) as numeric),
                    cast(cast(?6 as text) as timestamptz))\
            """,
            tenant.value(),
            Rows.param(t.effectiveFrom()),
            t.kind(),
            t.segment(),
            t.customerSharePct() == null ? null : t.customerSharePct().toString(),
            t.shareEndsAt() == null ? null : t.shareEndsAt().toString())
        .replaceWithVoid();
  }

  /** The account of the tenant's business number; a tenant without one has no account. */
  Uni<Void> keepAccount(Mutiny.Session s, TenantFact fact) {
    if (fact.businessNumber() == null) {
      return Uni.createFrom().voidItem();
    }
    String mode = Objects.requireNonNullElse(fact.billingMode(), BillingMode.EXTERNAL.name());
    return Sql.update(
            s,
            """
            insert into billing_account (tenant_id, id, business_number, name, mode)
            values (?1, ?2, ?3, ?4, ?5)
            on conflict (business_number) do update set name = excluded.name,
              mode = excluded.mode, version = billing_account.version + 1
            where billing_account.tenant_id = excluded.tenant_id\
            """,
            fact.tenantId().value(),
            Ids.next(),
            fact.businessNumber(),
            fact.name(),
            mode)
        .chain(
            () ->
                Sql.update(
                    s,
                    """
                    insert into account_tenant (tenant_id, account_id, slug, name)
                    select ?1, id, ?3, ?4 from billing_account where business_number = ?2
                    on conflict (tenant_id) do update set account_id = excluded.account_id,
                      slug = excluded.slug, name = excluded.name\
                    """,
                    fact.tenantId().value(),
                    fact.businessNumber(),
                    fact.slug(),
                    fact.name()))
        .replaceWithVoid();
  }

  /** A programme's credit is granted once, by its name. */
  Uni<Void> keepCredit(Mutiny.Session s, TenantFact fact) {
    Programme programme = fact.programme();
    if (programme == null || programme.creditKrw() == null) {
      return Uni.createFrom().voidItem();
    }
    return keepCredit(
        s, fact.tenantId(), programme.name(), programme.creditKrw(), endOf(programme.expires()));
  }

  /** A credit given by name is taken over once. */
  Uni<Void> keepCredit(Mutiny.Session s, CreditFact fact) {
    return keepCredit(s, fact.tenantId(), fact.name(), fact.amountKrw(), endOf(fact.expires()));
  }

  /** A credit that is withdrawn pays for no usage from then on; what it paid stays paid. */
  Uni<Void> endCredit(Mutiny.Session s, CreditFact fact) {
    return keepCredit(s, fact)
        .chain(
            () ->
                Sql.update(
                    s,
                    """
                    insert into credit_withdrawal (tenant_id, grant_id, at)
                    select tenant_id, id, ?3 from credit_grant where tenant_id = ?1 and name = ?2
                    on conflict (grant_id) do nothing""",
                    fact.tenantId().value(),
                    fact.name(),
                    Rows.param(Objects.requireNonNull(fact.withdrawnAt()))))
        .replaceWithVoid();
  }

  private Uni<Void> keepCredit(
      Mutiny.Session s, TenantId tenant, String name, long amountKrw, @Nullable Instant expires) {
    return Sql.update(
            s,
            """
            insert into credit_grant (tenant_id, id, name, amount_krw, priority, valid_from,
                                      expires_at, granted_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, cast(cast(?7 as text) as timestamptz), ?8)
            on conflict (tenant_id, name) do nothing\
            """,
            tenant.value(),
            Ids.next(),
            name,
            amountKrw,
            PROGRAMME_PRIORITY,
            Rows.param(Instant.EPOCH),
            expires == null ? null : expires.toString(),
            Rows.param(clock.instant()))
        .replaceWithVoid();
  }

  // ---- read for rating and finance

  /** The account that pays for the tenant. */
  public Uni<Optional<Account>> findByTenant(Mutiny.Session s, TenantId tenant) {
    return Rows.select(
            s,
            ACCOUNTS
                + """
                where a.id = (select account_id from account_tenant where tenant_id = ?1)
                order by t.slug\
                """,
            tenant.value())
        .map(rows -> accounts(rows).stream().findFirst());
  }

  /** Accounts by business number after the given one. */
  public Uni<List<Account>> list(Mutiny.Session s, String afterNumber, int limit) {
    return Rows.select(
            s,
            ACCOUNTS
                + """
                where a.business_number in (
                  select business_number from billing_account where business_number > ?1
                  order by business_number limit ?2)
                order by a.business_number, t.slug\
                """,
            afterNumber,
            limit)
        .map(AccountRepository::accounts);
  }

  /** The accounts of some ids. */
  public Uni<List<Account>> byIds(Mutiny.Session s, Collection<UUID> ids) {
    return Rows.select(
            s,
            ACCOUNTS
                + """
                where a.id = any (cast(string_to_array(?1, ',') as uuid[]))
                order by a.business_number, t.slug\
                """,
            Rows.param(ids))
        .map(AccountRepository::accounts);
  }

  /** The ids of accounts by these business numbers; one that has no account is left out. */
  public Uni<Map<String, UUID>> idsByNumber(Mutiny.Session s, Collection<String> numbers) {
    return Rows.select(
            s,
            """
            select business_number, id from billing_account
            where business_number = any (string_to_array(?1, ','))""",
            String.join(",", numbers))
        .map(
            rows ->
                rows.stream().collect(Collectors.toMap(row -> row.text(0), row -> row.uuid(1))));
  }

  /** The account of an id that a row names. */
  public Uni<Account> load(Mutiny.Session s, UUID id) {
    return byIds(s, List.of(id)).map(List::getFirst);
  }

  /** As {@link #asCharged(Mutiny.Session, List, BillingMonth)} for one. */
  public Uni<Account> asCharged(Mutiny.Session s, Account account, BillingMonth month) {
    return asCharged(s, List.of(account), month).map(List::getFirst);
  }

  /**
   * The accounts with those tenants whose usage of a month is theirs to pay: whom the account's
   * issued invoice of the month charged for, else its present tenants without those whom another
   * account's issued invoice charged for. A tenant that moves takes no closed month along.
   */
  public Uni<List<Account>> asCharged(Mutiny.Session s, List<Account> all, BillingMonth month) {
    return Rows.select(
            s,
            """
            select cast(account_id as text), array_to_string(tenants, ',') from invoice
            where month || '' = ?1 and state = 'ISSUED' and tenants is not null
              and (account_id = any (cast(string_to_array(?2, ',') as uuid[]))
                   or tenants && cast(string_to_array(?3, ',') as uuid[]))\
            """,
            month.toString(),
            Rows.param(all.stream().map(Account::id).toList()),
            Rows.param(all.stream().flatMap(a -> a.tenantIds().stream()).toList()))
        .map(rows -> all.stream().map(a -> asCharged(a, rows)).toList());
  }

  private static Account asCharged(Account account, List<Row> charged) {
    for (Row r : charged) {
      if (r.uuid(0).equals(account.id())) {
        return account.paying(uuids(r.text(1)));
      }
    }
    List<UUID> elsewhere = charged.stream().flatMap(r -> uuids(r.text(1)).stream()).toList();
    return account.paying(
        account.tenantIds().stream().filter(id -> !elsewhere.contains(id)).toList());
  }

  private static List<UUID> uuids(String joined) {
    return Arrays.stream(joined.split(","))
        .filter(id -> !id.isEmpty())
        .map(UUID::fromString)
        .toList();
  }

  /** Every account. */
  public Uni<List<Account>> all(Mutiny.Session s) {
    return list(s, "", Integer.MAX_VALUE);
  }

  private static List<Account> accounts(List<Row> rows) {
    var byId = new LinkedHashMap<UUID, Account>();
    for (Row r : rows) {
      Account account =
          byId.computeIfAbsent(
              r.uuid(0),
              id ->
                  new Account(
                      id,
                      new TenantId(r.uuid(1)),
                      r.text(2),
                      r.text(3),
                      BillingMode.valueOf(r.text(4)),
                      new ArrayList<>()));
      if (r.textOrNull(5) != null) {
        account
            .tenants()
            .add(new Account.AccountTenant(new TenantId(r.uuid(5)), r.text(6), r.text(7)));
      }
    }
    return List.copyOf(byId.values());
  }

  /** The terms of each tenant over time. */
  public Uni<Map<TenantId, Timeline<Terms>>> terms(Mutiny.Session s, Collection<UUID> tenants) {
    return Rows.select(
            s,
            """
            select cast(tenant_id as text), millis(effective_from), kind, segment,
                   cast(customer_share_pct as text), millis(share_ends_at)
            from tenant_terms where tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))\
            """,
            Rows.param(tenants))
        .map(
            rows -> {
              var byTenant = new HashMap<TenantId, List<Terms>>();
              rows.forEach(
                  r ->
                      byTenant
                          .computeIfAbsent(new TenantId(r.uuid(0)), k -> new ArrayList<>())
                          .add(termsOf(r)));
              var lines = new HashMap<TenantId, Timeline<Terms>>();
              byTenant.forEach((k, v) -> lines.put(k, Timeline.of(v, Terms::effectiveFrom)));
              return lines;
            });
  }

  private static Terms termsOf(Row r) {
    return new Terms(
        r.instant(1),
        r.text(2),
        r.textOrNull(3),
        r.textOrNull(4) == null ? null : r.rational(4),
        r.instantOrNull(5));
  }

  /** A grant with every burn of it so far. */
  public record GrantWithBurns(TenantId tenant, CreditGrant grant, List<Burned> burns) {
    /** What the invoice of a month took. */
    public record Burned(BillingMonth month, Rational amount) {}

    /** The grant with what the invoices of other months left of it. */
    public CreditGrant leftFor(BillingMonth month) {
      Rational balance =
          burns.stream()
              .filter(b -> !b.month().equals(month))
              .map(Burned::amount)
              .reduce(grant.balance(), Rational::subtract);
      return new CreditGrant(
          grant.id(),
          grant.name(),
          grant.priority(),
          grant.validFrom(),
          grant.expiresAt(),
          grant.grantedAt(),
          balance);
    }
  }

  /** The promotional credits of the tenants. */
  public Uni<List<GrantWithBurns>> grants(Mutiny.Session s, Collection<UUID> tenants) {
    return Rows.select(
            s,
            """
            select cast(g.tenant_id as text), cast(g.id as text), g.name, g.priority,
                   millis(g.valid_from), millis(least(g.expires_at, w.at)), millis(g.granted_at),
                   cast(g.amount_krw as text), b.month, b.amount
            from credit_grant g left join credit_withdrawal w on w.grant_id = g.id left join (
              select grant_id, month, amount from credit_burn
              union all select grant_id, month, amount from late_usage_credit) b
              on b.grant_id = g.id
            where g.tenant_id = any (cast(string_to_array(?1, ',') as uuid[]))
            order by g.id, b.month\
            """,
            Rows.param(tenants))
        .map(AccountRepository::grants);
  }

  private static List<GrantWithBurns> grants(List<Row> rows) {
    var byId = new LinkedHashMap<UUID, GrantWithBurns>();
    for (Row r : rows) {
      GrantWithBurns grant =
          byId.computeIfAbsent(
              r.uuid(1),
              id -> new GrantWithBurns(new TenantId(r.uuid(0)), grantOf(r), new ArrayList<>()));
      String month = r.textOrNull(8);
      if (month != null) {
        grant.burns().add(new GrantWithBurns.Burned(BillingMonth.parse(month), r.rational(9)));
      }
    }
    return List.copyOf(byId.values());
  }

  private static CreditGrant grantOf(Row r) {
    return new CreditGrant(
        r.uuid(1),
        r.text(2),
        (int) r.number(3),
        r.instant(4),
        r.instantOrNull(5),
        r.instant(6),
        r.rational(7));
  }
}
