package dev.gpucloud.billing.close;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.close.WaiverRepository.By;
import dev.gpucloud.billing.close.engine.CheckState;
import dev.gpucloud.billing.close.engine.Checklist;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.close.engine.WaiverState;
import dev.gpucloud.billing.close.engine.WaiverState.Decision;
import dev.gpucloud.contracts.id.CloseWaiverId;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.idempotency.IdempotencyKey;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** One person proposes that a finding is let pass, another one decides. */
@ApplicationScoped
class WaiverService {
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final AccountRepository accounts;
  private final Checklists checklists;
  private final WaiverRepository waivers;
  private final Audit audit;
  private final Caller caller;
  private final InstantSource clock;

  WaiverService(
      Transactions transactions,
      Idempotency idempotency,
      AccountRepository accounts,
      Checklists checklists,
      WaiverRepository waivers,
      Audit audit,
      Caller caller,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.accounts = accounts;
    this.checklists = checklists;
    this.waivers = waivers;
    this.audit = audit;
    this.caller = caller;
    this.clock = clock;
  }

  /** The account, or NOT_FOUND. */
  Uni<Account> account(UUID id) {
    return transactions
        .asPlatform(s -> accounts.byIds(s, Set.of(id)))
        .map(found -> found.stream().findFirst().orElseThrow(CloseParameters::noAccount));
  }

  /** A proposal that a person makes. */
  record Proposal(
      UUID account, BillingMonth month, ProposeWaiverRequest request, By by, AuditOrigin origin) {}

  /** Proposes once per key; what is proposed must stand on the list now. */
  Uni<Response> propose(
      UUID account, BillingMonth month, ProposeWaiverRequest request, @Nullable String key) {
    IdempotencyKey scoped = idempotency.scopedKey(null, key, request);
    var proposal = new Proposal(account, month, request, by(), audit.origin());
    return transactions
        .asPlatform(s -> idempotency.find(s, scoped))
        .chain(
            stored ->
                stored.isPresent()
                    ? Uni.createFrom().item(() -> stored.get().replay(scoped))
                    : propose(proposal, scoped));
  }

  private Uni<Response> propose(Proposal p, IdempotencyKey key) {
    Finding.Key wanted = p.request().key();
    return account(p.account())
        .chain(
            account ->
                checklists
                    .of(account, p.month(), false)
                    .map(list -> waiver(account, p, find(list, wanted))))
        .chain(
            waiver ->
                idempotency.platform(
                    key,
                    s ->
                        waivers
                            .insert(s, waiver, p.by())
                            .invoke(WaiverService::requireNew)
                            .call(() -> tell(s, p.origin(), "propose", null, waiver))
                            .map(v -> created(waiver))));
  }

  private static Finding find(Checklist list, Finding.Key wanted) {
    return list.items().stream()
        .flatMap(i -> i.findings().stream())
        .filter(j -> j.state() == CheckState.BLOCKING && j.finding().key().equals(wanted))
        .findFirst()
        .map(Checklist.Judged::finding)
        .orElseThrow(
            () ->
                ProblemType.UNPROCESSABLE
                    .because("The checklist has no such blocking finding.")
                    .at("/subject", "names no blocking finding of " + wanted.code()));
  }

  private static void requireNew(boolean isNew) {
    if (!isNew) {
      throw ProblemType.ALREADY_EXISTS.because(
          "A waiver of this finding was proposed already; confirm or reject that one.");
    }
  }

  private Waiver waiver(Account account, Proposal p, Finding f) {
    return new Waiver(
        new CloseWaiverId(Ids.next()),
        account.owner(),
        account.id(),
        p.month().toString(),
        f.code().name(),
        f.subject(),
        f.detail(),
        Objects.requireNonNull(p.request().reason()).strip(),
        "PROPOSED",
        p.by().name(),
        clock.instant(),
        null,
        null,
        1);
  }

  private static Response created(Waiver waiver) {
    return Response.status(Response.Status.CREATED)
        .header(HttpHeaders.LOCATION, "/api/v1/finance/close-waivers/" + waiver.id())
        .header(HttpHeaders.ETAG, ETags.of(waiver.version()))
        .entity(waiver)
        .build();
  }

  /** Confirms as the second person. */
  Uni<Response> confirm(UUID id, @Nullable String ifMatch) {
    By by = by();
    return decide(
        id,
        ifMatch,
        by,
        proposed ->
            switch (proposed.confirm(by.subject())) {
              case Decision.RefusedToProposer refused ->
                  throw ProblemType.FOUR_EYES.because(
                      "You proposed this waiver; somebody else confirms it.");
              case Decision.Made made -> made.state();
            });
  }

  /** Refuses the waiver, or takes one's own back. */
  Uni<Response> reject(UUID id, @Nullable String ifMatch) {
    By by = by();
    return decide(id, ifMatch, by, proposed -> proposed.reject(by.subject()));
  }

  @FunctionalInterface
  private interface Move {
    WaiverState from(WaiverState.Proposed proposed);
  }

  private Uni<Response> decide(UUID id, @Nullable String ifMatch, By by, Move move) {
    return transactions.asPlatform(
        s ->
            waivers
                .findForUpdate(s, id)
                .map(found -> found.orElseThrow(CloseParameters::noWaiver))
                .chain(
                    stored -> {
                      ETags.require(ifMatch, stored.waiver().version());
                      return decide(s, stored, by, move);
                    }));
  }

  private Uni<Response> decide(Mutiny.Session s, Waiver.Stored stored, By by, Move move) {
    WaiverState.Proposed proposed = stored.proposed();
    if (proposed == null) {
      throw decided(stored.waiver());
    }
    WaiverState next = move.from(proposed);
    UUID id = stored.waiver().id().value();
    return waivers
        .decide(s, id, next.name(), by, clock.instant())
        .chain(() -> waivers.findForUpdate(s, id))
        .map(found -> found.orElseThrow().waiver())
        .call(
            now ->
                tell(
                    s,
                    audit.origin(),
                    next instanceof WaiverState.Confirmed ? "confirm" : "reject",
                    stored.waiver(),
                    now))
        .map(now -> Response.ok(now).header(HttpHeaders.ETAG, ETags.of(now.version())).build());
  }

  private static ProblemException decided(Waiver w) {
    return ProblemType.STATE_CONFLICT
        .because("The waiver is " + w.state() + " already.")
        .with("state", w.state());
  }

  private Uni<Void> tell(
      Mutiny.Session s, AuditOrigin origin, String action, @Nullable Waiver before, Waiver after) {
    return audit.changed(
        s,
        origin,
        AuditChange.of("close-waiver." + action, "close-waiver", after.id().toString())
            .at(after.tenant())
            .from(before)
            .to(after));
  }

  private By by() {
    return new By(caller.subject(), caller.username());
  }
}
