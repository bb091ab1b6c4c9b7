package dev.gpucloud.tenant.grants;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.id.GrantCallId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.catalogue.Catalogue;
import dev.gpucloud.tenant.catalogue.Named;
import dev.gpucloud.tenant.engine.Pointers;
import dev.gpucloud.tenant.grants.engine.CallRules;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Opens calls and reads them. */
@ApplicationScoped
class GrantCalls {
  private static final String COLUMNS =
      """
      select id, state, slug, name, apply_until, window_from, window_to, customer_share_pct,
        accept_days, min_use_pct, use_window_days, notice_days, rules, version, created_at
      from grant_call\s\
      """;
  private static final String OPEN =
      """
      insert into grant_call (id, slug, name, state, apply_until, window_from, window_to,
        customer_share_pct, accept_days, min_use_pct, use_window_days, notice_days, rules, version,
        created_by, created_at)
      values (?1, ?2, ?3, 'OPEN', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 1, ?13, ?14)
      on conflict (slug) do nothing\
      """;
  private final Transactions transactions;
  private final ObjectMapper json;
  private final Catalogue catalogue;
  private final Audit audit;
  private final Caller caller;
  private final InstantSource clock;

  GrantCalls(
      Transactions transactions,
      ObjectMapper json,
      Catalogue catalogue,
      Audit audit,
      Caller caller,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.json = json;
    this.catalogue = catalogue;
    this.audit = audit;
    this.caller = caller;
    this.clock = clock;
  }

  Uni<GrantCallView> open(Mutiny.Session s, OpenCallRequest request) {
    Instant now = clock.instant();
    GrantCallTerms terms = request.terms(now);
    UUID id = Ids.next();
    return catalogue
        .require(s, models(terms.rules()))
        .chain(() -> insert(s, id, terms, now))
        .invoke(
            inserted -> {
              if (inserted == 0) {
                throw ProblemType.ALREADY_EXISTS
                    .because("There is a call '" + terms.slug() + "' already.")
                    .at("/slug", "is in use");
              }
            })
        .chain(() -> openPools(s, id, terms.rules()))
        .map(
            v ->
                GrantCallView.of(
                    new GrantCall(new GrantCallId(id), GrantCall.State.OPEN, terms, 1, now)))
        .call(view -> audit.changed(s, change("open", view.id()).to(view)));
  }

  private static List<Named> models(CallRules rules) {
    return rules.poolGpus().keySet().stream()
        .sorted()
        .map(model -> Named.model(model, "/pools/" + Pointers.escape(model)))
        .toList();
  }

  private Uni<Integer> insert(Mutiny.Session s, UUID id, GrantCallTerms terms, Instant now) {
    return Sql.update(
        s,
        OPEN,
        id,
        terms.slug(),
        terms.name(),
        terms.applyUntil(),
        terms.windowStart(),
        terms.windowEnd(),
        terms.customerSharePct(),
        terms.acceptDays(),
        terms.minUsePct(),
        terms.useWindowDays(),
        terms.noticeDays(),
        write(terms.rules()),
        caller.username(),
        now);
  }

  /** A change of a call, which belongs to no tenant. */
  static AuditChange change(String verb, GrantCallId call) {
    return AuditChange.of("tenant.grant-call." + verb, "grant-call", call.toString());
  }

  private static Uni<Void> openPools(Mutiny.Session s, UUID call, CallRules rules) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Map.Entry<String, Integer> pool : rules.poolGpus().entrySet()) {
      done =
          done.chain(
              () ->
                  Sql.update(
                          s,
                          "insert into grant_pool (call_id, model, gpus) values (?1, ?2, ?3)",
                          call,
                          pool.getKey(),
                          pool.getValue())
                      .replaceWithVoid());
    }
    return done;
  }

  Uni<Page<GrantCallView>> list(PageRequest page) {
    String after = page.after().getOrDefault("slug", "");
    return transactions
        .readAsSystem(
            s ->
                Sql.rows(
                    s, COLUMNS + "where slug > ?1 order by slug limit ?2", after, page.limit()))
        .map(rows -> rows.stream().map(this::read).toList())
        .map(
            calls ->
                page.page(calls, GrantCallView::of, call -> Map.of("slug", call.terms().slug())));
  }

  Uni<GrantCallView> load(String idOrSlug) {
    return transactions.readAsSystem(s -> load(s, idOrSlug)).map(GrantCallView::of);
  }

  /** The call; fails with NOT_FOUND. */
  Uni<GrantCall> load(Mutiny.Session s, String idOrSlug) {
    return find(s, idOrSlug, "");
  }

  /** As {@link #load}, and nobody else changes its awards meanwhile. */
  Uni<GrantCall> lock(Mutiny.Session s, String idOrSlug) {
    return find(s, idOrSlug, " for update");
  }

  private Uni<GrantCall> find(Mutiny.Session s, String idOrSlug, String lock) {
    Uni<List<Object[]>> rows;
    try {
      UUID id = GrantCallId.parse(idOrSlug).value();
      rows = Sql.rows(s, COLUMNS + "where id = ?1" + lock, id);
    } catch (IllegalArgumentException e) {
      rows = Sql.rows(s, COLUMNS + "where slug = ?1" + lock, idOrSlug.replace("\0", ""));
    }
    return rows.map(
        found -> {
          if (found.isEmpty()) {
            throw Refusals.notFound("call");
          }
          return read(found.getFirst());
        });
  }

  /** Takes the call to another state. */
  Uni<Void> enter(Mutiny.Session s, GrantCall call, GrantCall.State state) {
    return Sql.update(
            s,
            """
            update grant_call set state = ?2, version = version + 1,
              proposed_by = case when ?2 = 'PROPOSED' then ?3 else proposed_by end,
              confirmed_by = case when ?2 = 'CONFIRMED' then ?3 else confirmed_by end
            where id = ?1\
            """,
            call.id().value(),
            state.name(),
            caller.username())
        .replaceWithVoid();
  }

  private GrantCall read(Object[] row) {
    Columns c = new Columns(row);
    UUID id = c.uuid();
    GrantCall.State state = GrantCall.State.valueOf(c.text());
    GrantCallTerms terms =
        new GrantCallTerms(
            c.text(),
            c.text(),
            c.instant(),
            c.instant(),
            c.instant(),
            c.integer(),
            c.integer(),
            c.integer(),
            c.integer(),
            c.integer(),
            rules(c.text()));
    return new GrantCall(new GrantCallId(id), state, terms, c.number(), c.instant());
  }

  private CallRules rules(String text) {
    try {
      return json.readValue(text, CallRules.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private String write(CallRules rules) {
    try {
      return json.writeValueAsString(rules);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
