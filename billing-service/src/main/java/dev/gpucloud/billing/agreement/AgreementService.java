package dev.gpucloud.billing.agreement;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.agreement.AgreementRepository.Prepaid;
import dev.gpucloud.billing.ledger.LedgerRepository;
import dev.gpucloud.billing.ledger.engine.PrepaidPostings;
import dev.gpucloud.billing.price.PriceRepository;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.billing.statement.engine.PrepaidCredit;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Keeps agreements and prepaid money; the account is locked against drafts meanwhile. */
@ApplicationScoped
class AgreementService {
  private static final long MOST_WON = 1_000_000_000_000_000L;
  private static final int MOST_PRIORITY = 1000;

  private final AgreementRepository agreements;
  private final AccountRepository accounts;
  private final PriceRepository prices;
  private final LedgerRepository ledger;
  private final Audit audit;
  private final Caller caller;
  private final InstantSource clock;

  AgreementService(
      AgreementRepository agreements,
      AccountRepository accounts,
      PriceRepository prices,
      LedgerRepository ledger,
      Audit audit,
      Caller caller,
      @Business InstantSource clock) {
    this.agreements = agreements;
    this.accounts = accounts;
    this.prices = prices;
    this.ledger = ledger;
    this.audit = audit;
    this.caller = caller;
    this.clock = clock;
  }

  /** The account of an id; unknown ones, and what is no id, are not found. */
  Uni<Account> account(Mutiny.Session s, String id) {
    UUID parsed;
    try {
      parsed = UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw noAccount();
    }
    return accounts
        .byIds(s, List.of(parsed))
        .map(found -> found.stream().findFirst().orElseThrow(AgreementService::noAccount));
  }

  private static ProblemException noAccount() {
    return ProblemType.NOT_FOUND.because("There is no such billing account.");
  }

  private static void refuse(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw new ProblemException(
          ProblemType.VALIDATION_FAILED,
          errors.size() + " values are refused; nothing was changed.",
          Map.of(),
          errors);
    }
  }

  private Uni<Account> lock(Mutiny.Session s, String id) {
    return account(s, id)
        .call(
            a ->
                Rows.select(
                    s,
                    "select cast(pg_advisory_xact_lock(hashtextextended(?1, 7402)) as text)",
                    a.id().toString()));
  }

  Uni<Agreement> agree(Mutiny.Session s, String accountId, CreateAgreementRequest request) {
    return lock(s, accountId)
        .chain(
            account ->
                known(s, account)
                    .map(
                        known -> {
                          refuse(new AgreementCheck(known).errors(request));
                          refuseTaken(known, Objects.requireNonNull(request.reference()));
                          return agreed(account, request);
                        }))
        .call(a -> agreements.insert(s, a))
        .call(a -> tell(s, "agreement.create", null, a));
  }

  private static void refuseTaken(AgreementCheck.Known known, String reference) {
    if (known.agreements().stream().anyMatch(a -> a.reference().equals(reference))) {
      throw ProblemType.ALREADY_EXISTS
          .because("The account has an agreement " + reference + ".")
          .at("/reference", "is in use");
    }
  }

  private Agreement agreed(Account account, CreateAgreementRequest r) {
    return new Agreement(
        account.owner().value(),
        account.id(),
        Objects.requireNonNull(r.reference()),
        1,
        Agreement.Kind.valueOf(Objects.requireNonNull(r.kind())),
        AgreementCheck.startOf(Objects.requireNonNull(r.from())),
        r.until() == null ? null : AgreementCheck.endOf(r.until()),
        Objects.requireNonNull(r.terms()),
        caller.username(),
        clock.instant());
  }

  private Uni<AgreementCheck.Known> known(Mutiny.Session s, Account account) {
    return prices
        .all(s)
        .chain(
            stored ->
                agreements
                    .inForce(s, List.of(account.id()))
                    .chain(
                        all ->
                            agreements
                                .newestInvoicedMonth(s, List.of(account.id()))
                                .map(
                                    month ->
                                        new AgreementCheck.Known(
                                            stored.stream()
                                                .map(p -> p.price().sku())
                                                .collect(Collectors.toSet()),
                                            stored.stream()
                                                .map(PriceRepository.StoredPrice::item)
                                                .collect(Collectors.toSet()),
                                            account.mode(),
                                            all,
                                            month))));
  }

  /** Ends an agreement earlier than agreed, as a new version. */
  Uni<Agreement> end(
      Mutiny.Session s, String accountId, String reference, End end, @Nullable String ifMatch) {
    return lock(s, accountId)
        .chain(account -> known(s, account))
        .chain(
            known -> {
              Agreement before =
                  known.agreements().stream()
                      .filter(a -> a.reference().equals(reference))
                      .findFirst()
                      .orElseThrow(
                          () -> ProblemType.NOT_FOUND.because("There is no such agreement."));
              ETags.require(ifMatch, before.version());
              refuse(new AgreementCheck(known).errorsOfEnd(before, end.until()));
              Agreement after = ended(before, Objects.requireNonNull(end.until()));
              return agreements
                  .insert(s, after)
                  .chain(() -> tell(s, "agreement.end", before, after))
                  .replaceWith(after);
            });
  }

  /** The last day of an agreement, in Seoul. */
  @Schema(
      examples =
          """
          {"until": "2028-06-30"}""")
  record End(@Nullable LocalDate until) {}

  private Agreement ended(Agreement a, LocalDate until) {
    return new Agreement(
        a.tenant(),
        a.account(),
        a.reference(),
        a.version() + 1,
        a.kind(),
        a.from(),
        AgreementCheck.endOf(until),
        a.terms(),
        caller.username(),
        clock.instant());
  }

  private Uni<Void> tell(
      Mutiny.Session s, String action, @Nullable Agreement before, Agreement after) {
    return audit.changed(
        s,
        audit.origin(),
        AuditChange.of(action, "agreement", after.account() + "/" + after.reference())
            .at(new TenantId(after.tenant()))
            .from(before == null ? null : AgreementView.of(before))
            .to(AgreementView.of(after)));
  }

  // ---- prepaid

  /**
   * Money that came in. It pays documents written from the day {@code from} (today unless said) to
   * the day {@code expires}, both in Seoul.
   */
  @Schema(
      examples =
          """
          {
            "amountKrw": "5000000",
            "priority": 10,
            "from": "2028-01-01",
            "expires": "2028-12-31",
            "note": "Transfer of 2 January."
          }""")
  record TopUp(
      @Nullable String amountKrw,
      @Nullable Integer priority,
      @Nullable LocalDate from,
      @Nullable LocalDate expires,
      @Nullable String note) {}

  Uni<Prepaid> topUp(Mutiny.Session s, String accountId, TopUp topUp) {
    Instant now = clock.instant();
    refuse(errors(topUp, now));
    return lock(s, accountId)
        .map(
            account ->
                new Prepaid(
                    account.owner().value(),
                    account.id(),
                    new PrepaidCredit(
                        Ids.next().toString(),
                        Objects.requireNonNullElse(topUp.priority(), 0),
                        topUp.from() == null ? now : AgreementCheck.startOf(topUp.from()),
                        topUp.expires() == null ? null : AgreementCheck.endOf(topUp.expires()),
                        now,
                        new Won(Long.parseLong(Objects.requireNonNull(topUp.amountKrw())))),
                    List.of(),
                    Won.ZERO,
                    topUp.note()))
        .call(p -> agreements.insertPrepaid(s, p))
        .call(
            p ->
                ledger.post(
                    s,
                    p.tenant(),
                    List.of(PrepaidPostings.ofTopUp(document(p), p.paidIn().balance())),
                    new LedgerRepository.Poster(caller.subject(), caller.username()),
                    now))
        .call(p -> tell(s, "prepaid.top-up", p));
  }

  private static String document(Prepaid p) {
    return "prepaid/" + p.paidIn().id();
  }

  private static List<FieldError> errors(TopUp topUp, Instant now) {
    var errors = new ArrayList<FieldError>();
    String amount = topUp.amountKrw();
    if (amount == null || !amount.matches("[1-9][0-9]{0,15}")) {
      errors.add(new FieldError("/amountKrw", "must be whole won, more than 0"));
    } else if (Long.parseLong(amount) > MOST_WON) {
      errors.add(new FieldError("/amountKrw", "must be at most " + MOST_WON));
    }
    Integer priority = topUp.priority();
    if (priority != null && (priority < 0 || priority > MOST_PRIORITY)) {
      errors.add(new FieldError("/priority", "must be 0 to " + MOST_PRIORITY));
    }
    if (topUp.expires() != null && !AgreementCheck.endOf(topUp.expires()).isAfter(now)) {
      errors.add(new FieldError("/expires", "has passed"));
    }
    if (topUp.from() != null && topUp.expires() != null && topUp.expires().isBefore(topUp.from())) {
      errors.add(new FieldError("/expires", "must not lie before from"));
    }
    if (topUp.note() != null && topUp.note().length() > 200) {
      errors.add(new FieldError("/note", "must be at most 200 characters"));
    }
    return errors;
  }

  /** Books what is left of expired money as income. */
  Uni<Prepaid> lapse(Mutiny.Session s, String accountId, String id) {
    Instant now = clock.instant();
    return lock(s, accountId)
        .chain(account -> agreements.prepaid(s, List.of(account.id())))
        .map(
            all ->
                all.stream()
                    .filter(p -> p.paidIn().id().equals(id))
                    .findFirst()
                    .orElseThrow(
                        () -> ProblemType.NOT_FOUND.because("There is no such prepaid credit.")))
        .invoke(p -> refuseLapse(p, now))
        .call(p -> agreements.insertBreakage(s, p, now))
        .call(
            p ->
                ledger.post(
                    s,
                    p.tenant(),
                    List.of(PrepaidPostings.ofBreakage(document(p), p.left())),
                    new LedgerRepository.Poster(caller.subject(), caller.username()),
                    now))
        .map(
            p ->
                new Prepaid(
                    p.tenant(),
                    p.account(),
                    p.paidIn(),
                    p.payments(),
                    p.lapsed().plus(p.left()),
                    p.note()))
        .call(p -> tell(s, "prepaid.lapse", p));
  }

  private static void refuseLapse(Prepaid p, Instant now) {
    Instant expires = p.paidIn().expiresAt();
    if (expires == null || expires.isAfter(now)) {
      throw ProblemType.STATE_CONFLICT.because(
          expires == null ? "It never expires." : "It pays until " + expires + ".");
    }
    if (p.left().amount() == 0) {
      throw ProblemType.STATE_CONFLICT.because("Nothing is left of it.");
    }
  }

  private Uni<Void> tell(Mutiny.Session s, String action, Prepaid p) {
    return audit.changed(
        s,
        audit.origin(),
        AuditChange.of(action, "prepaid", p.paidIn().id())
            .at(new TenantId(p.tenant()))
            .to(PrepaidView.of(p)));
  }
}
