package dev.gpucloud.billing.agreement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.billing.statement.engine.PrepaidCredit;
import dev.gpucloud.billing.statement.engine.TierPool;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Rows of agreements, tier pools and prepaid money; all append-only. */
@ApplicationScoped
public class AgreementRepository {
  private final ObjectMapper json;

  AgreementRepository(ObjectMapper json) {
    this.json = json;
  }

  /** The newest version of every agreement of some accounts, by account and reference. */
  public Uni<List<Agreement>> inForce(Mutiny.Session s, Collection<UUID> accounts) {
    return Rows.select(
            s,
            """
            select distinct on (account_id, reference)
                   cast(tenant_id as text), cast(account_id as text), reference, version, kind,
                   millis(from_at), millis(until_at), cast(terms as text), agreed_by,
                   millis(agreed_at)
            from agreement
            where account_id = any (cast(string_to_array(?1, ',') as uuid[]))
            order by account_id, reference, version desc\
            """,
            Rows.param(accounts))
        .map(rows -> rows.stream().map(this::agreement).toList());
  }

  private Agreement agreement(Row r) {
    return new Agreement(
        r.uuid(0),
        r.uuid(1),
        r.text(2),
        (int) r.number(3),
        Agreement.Kind.valueOf(r.text(4)),
        r.instant(5),
        r.instantOrNull(6),
        terms(r.text(7)),
        r.text(8),
        r.instant(9));
  }

  private AgreementTerms terms(String text) {
    try {
      return json.readValue(text, AgreementTerms.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  Uni<Void> insert(Mutiny.Session s, Agreement a) {
    return Sql.update(
            s,
            """
            insert into agreement (tenant_id, account_id, reference, version, kind, from_at,
                                   until_at, terms, agreed_by, agreed_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, cast(cast(?7 as text) as timestamptz),
                    cast(cast(?8 as text) as jsonb), ?9, ?10)\
            """,
            a.tenant(),
            a.account(),
            a.reference(),
            a.version(),
            a.kind().name(),
            Rows.param(a.from()),
            text(a.until()),
            write(a.terms()),
            a.agreedBy(),
            Rows.param(a.agreedAt()))
        .replaceWithVoid();
  }

  private static @Nullable String text(@Nullable Instant at) {
    return at == null ? null : at.toString();
  }

  private String write(AgreementTerms terms) {
    try {
      return json.writeValueAsString(terms);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- tier pools

  /** A pool with its version; one without accounts is dissolved. */
  public record StoredPool(String name, int version, Set<UUID> accounts, BillingMonth fromMonth) {
    public TierPool toPool() {
      var ids = new TreeSet<String>();
      accounts.forEach(id -> ids.add(id.toString()));
      return new TierPool(name, ids);
    }
  }

  /** The version of every pool that holds in a month. */
  public Uni<List<StoredPool>> pools(Mutiny.Session s, BillingMonth month) {
    return Rows.select(
            s,
            """
            select distinct on (name) name, version, array_to_string(accounts, ','), from_month
            from tier_pool where from_month <= ?1 order by name, version desc\
            """,
            month.toString())
        .map(rows -> rows.stream().map(AgreementRepository::pool).toList());
  }

  /** Every version of every pool, in their order. */
  public Uni<List<StoredPool>> poolVersions(Mutiny.Session s) {
    return Rows.select(
            s,
            """
            select name, version, array_to_string(accounts, ','), from_month
            from tier_pool order by name, version\
            """)
        .map(rows -> rows.stream().map(AgreementRepository::pool).toList());
  }

  private static StoredPool pool(Row r) {
    var accounts = new TreeSet<UUID>();
    Arrays.stream(r.text(2).split(","))
        .filter(t -> !t.isEmpty())
        .forEach(t -> accounts.add(UUID.fromString(t)));
    return new StoredPool(r.text(0), (int) r.number(1), accounts, BillingMonth.parse(r.text(3)));
  }

  Uni<Void> insertPool(Mutiny.Session s, StoredPool pool, String by, Instant at) {
    return Sql.update(
            s,
            """
            insert into tier_pool (name, version, accounts, from_month, agreed_by, agreed_at)
            values (?1, ?2, cast(string_to_array(?3, ',') as uuid[]), ?4, ?5, ?6)\
            """,
            pool.name(),
            pool.version(),
            Rows.param(pool.accounts()),
            pool.fromMonth().toString(),
            by,
            Rows.param(at))
        .replaceWithVoid();
  }

  // ---- prepaid

  /** Money paid before with every payment out of it so far. */
  public record Prepaid(
      UUID tenant,
      UUID account,
      PrepaidCredit paidIn,
      List<Paid> payments,
      Won lapsed,
      @Nullable String note) {

    /** What the invoice of a month took. */
    public record Paid(BillingMonth month, Won amount) {}

    /** The credit with what the invoices of other months left of it. */
    public PrepaidCredit leftFor(BillingMonth month) {
      return with(
          payments.stream()
              .filter(p -> !p.month().equals(month))
              .map(Paid::amount)
              .reduce(paidIn.balance().minus(lapsed), Won::minus));
    }

    /** What is left of it now. */
    public Won left() {
      return payments.stream().map(Paid::amount).reduce(paidIn.balance().minus(lapsed), Won::minus);
    }

    private PrepaidCredit with(Won balance) {
      return new PrepaidCredit(
          paidIn.id(),
          paidIn.priority(),
          paidIn.validFrom(),
          paidIn.expiresAt(),
          paidIn.paidAt(),
          balance);
    }
  }

  /** What some accounts paid before, oldest first. */
  public Uni<List<Prepaid>> prepaid(Mutiny.Session s, Collection<UUID> accounts) {
    return Rows.select(
            s,
            """
            select cast(p.tenant_id as text), cast(p.account_id as text), cast(p.id as text),
                   p.priority, millis(p.valid_from), millis(p.expires_at), millis(p.paid_at),
                   p.amount_krw, coalesce(b.lapsed_krw, 0), p.note, d.month, d.paid_krw
            from prepaid p
              left join prepaid_breakage b on b.prepaid_id = p.id
              left join prepaid_payment d on d.prepaid_id = p.id
            where p.account_id = any (cast(string_to_array(?1, ',') as uuid[]))
            order by p.paid_at, p.id, d.month\
            """,
            Rows.param(accounts))
        .map(AgreementRepository::prepaid);
  }

  private static List<Prepaid> prepaid(List<Row> rows) {
    var byId = new LinkedHashMap<UUID, Prepaid>();
    for (Row r : rows) {
      Prepaid one = byId.computeIfAbsent(r.uuid(2), id -> prepaid(r));
      String month = r.textOrNull(10);
      if (month != null) {
        one.payments().add(new Prepaid.Paid(BillingMonth.parse(month), new Won(r.number(11))));
      }
    }
    return List.copyOf(byId.values());
  }

  private static Prepaid prepaid(Row r) {
    return new Prepaid(
        r.uuid(0),
        r.uuid(1),
        new PrepaidCredit(
            r.uuid(2).toString(),
            (int) r.number(3),
            r.instant(4),
            r.instantOrNull(5),
            r.instant(6),
            new Won(r.number(7))),
        new ArrayList<>(),
        new Won(r.number(8)),
        r.textOrNull(9));
  }

  Uni<Void> insertPrepaid(Mutiny.Session s, Prepaid p) {
    return Sql.update(
            s,
            """
            insert into prepaid (tenant_id, id, account_id, amount_krw, priority, valid_from,
                                 expires_at, paid_at, note)
            values (?1, ?2, ?3, ?4, ?5, ?6, cast(cast(?7 as text) as timestamptz), ?8,
                    cast(?9 as text))\
            """,
            p.tenant(),
            UUID.fromString(p.paidIn().id()),
            p.account(),
            p.paidIn().balance().amount(),
            p.paidIn().priority(),
            Rows.param(p.paidIn().validFrom()),
            text(p.paidIn().expiresAt()),
            Rows.param(p.paidIn().paidAt()),
            p.note())
        .replaceWithVoid();
  }

  Uni<Void> insertBreakage(Mutiny.Session s, Prepaid p, Instant at) {
    return Sql.update(
            s,
            """
            insert into prepaid_breakage (tenant_id, prepaid_id, lapsed_krw, at)
            values (?1, ?2, ?3, ?4)\
            """,
            p.tenant(),
            UUID.fromString(p.paidIn().id()),
            p.left().amount(),
            Rows.param(at))
        .replaceWithVoid();
  }

  /** Counts up with whatever is agreed: a draft rated before it is stale. */
  public Uni<Map<UUID, Long>> versions(Mutiny.Session s, Collection<UUID> accounts) {
    return Rows.select(
            s,
            """
            select cast(a.id as text),
              (select count(*) from agreement where account_id = a.id)
              + (select count(*) from prepaid where account_id = a.id)
              + (select count(*) from tier_pool)
              + (select count(*) from late_policy where account_id = a.id)
              + (select count(*) from late_usage where account_id = a.id)
              + (select coalesce(sum(g.version), 0) from grant_share g
                 join account_tenant t on t.tenant_id = g.tenant_id where t.account_id = a.id)
            from unnest(cast(string_to_array(?1, ',') as uuid[])) as a (id)\
            """,
            Rows.param(accounts))
        .map(rows -> rows.stream().collect(Collectors.toMap(r -> r.uuid(0), r -> r.number(1))));
  }

  /** The newest month for which an account has an invoice: what is agreed before its end stays. */
  Uni<Optional<BillingMonth>> newestInvoicedMonth(Mutiny.Session s, Collection<UUID> accounts) {
    return Rows.select(
            s,
            """
            select max(month) from invoice
            where account_id = any (cast(string_to_array(?1, ',') as uuid[]))\
            """,
            Rows.param(accounts))
        .map(rows -> Optional.ofNullable(rows.getFirst().textOrNull(0)).map(BillingMonth::parse));
  }
}
