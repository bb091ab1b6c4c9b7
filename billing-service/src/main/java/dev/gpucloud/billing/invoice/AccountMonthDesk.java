package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.Checklists;
import dev.gpucloud.billing.close.engine.AccountStanding;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.invoice.InvoiceRepository.By;
import dev.gpucloud.billing.invoice.MonthRating.Outcome;
import dev.gpucloud.billing.invoice.MonthRating.Rated;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings accounts' months as far as they come without a person: drafts what has no invoice, issues
 * what is approved. Doing it again changes nothing.
 */
@ApplicationScoped
public class AccountMonthDesk {
  private static final Logger LOG = Logger.getLogger(AccountMonthDesk.class);
  private static final int TRIES = 3;

  private final Transactions transactions;
  private final InvoiceRepository invoices;
  private final MonthRating rating;
  private final InvoiceService service;
  private final Checklists checklists;

  AccountMonthDesk(
      Transactions transactions,
      InvoiceRepository invoices,
      MonthRating rating,
      InvoiceService service,
      Checklists checklists) {
    this.transactions = transactions;
    this.invoices = invoices;
    this.rating = rating;
    this.service = service;
    this.checklists = checklists;
  }

  /** For whom it is done: the preparer of the drafts. */
  public record Who(String subject, String name) {}

  /** How far it came, and what stopped it there. */
  public record Step(AccountStanding standing, @Nullable String reason) {
    static Step at(AccountStanding standing) {
      return new Step(standing, null);
    }
  }

  /**
   * Completes with where each of the accounts stands now; what refuses one is its reason, never a
   * failure, and does not hold up the others.
   */
  public Uni<Map<UUID, Step>> advance(List<Account> accounts, BillingMonth month, Who who) {
    return advance(new Task(accounts, month, new By(who.subject(), who.name()), TRIES));
  }

  /** Accounts to bring on, and how often one is looked at again that changed meanwhile. */
  private record Task(List<Account> accounts, BillingMonth month, By by, int tries) {
    Task alone(Account account) {
      return new Task(List.of(account), month, by, tries - 1);
    }

    Task of(List<Account> some) {
      return new Task(some, month, by, tries);
    }
  }

  private Uni<Map<UUID, Step>> advance(Task task) {
    List<UUID> ids = task.accounts().stream().map(Account::id).toList();
    return transactions
        .asPlatform(s -> invoices.findOf(s, ids, task.month().toString()))
        .chain(
            found -> {
              List<Account> without =
                  task.accounts().stream().filter(a -> !found.containsKey(a.id())).toList();
              return issue(found, task)
                  .chain(
                      steps ->
                          without.isEmpty()
                              ? Uni.createFrom().item(steps)
                              : draft(task.of(without)).invoke(steps::putAll).replaceWith(steps));
            })
        .onFailure()
        .recoverWithUni(failure -> eachAlone(task, failure));
  }

  /** What is approved is issued; what has another state is where it is. */
  private Uni<Map<UUID, Step>> issue(Map<UUID, InvoiceEntity> found, Task task) {
    Map<UUID, Step> steps = new HashMap<>();
    List<InvoiceEntity> approved = new ArrayList<>();
    for (InvoiceEntity e : found.values()) {
      if (e.state.equals("APPROVED")) {
        approved.add(e);
      } else {
        steps.put(e.accountId, Step.at(AccountStanding.valueOf(e.state)));
      }
    }
    return approved.isEmpty()
        ? Uni.createFrom().item(steps)
        : checklists
            .blocking(approved.stream().map(e -> e.accountId).toList(), task.month())
            .chain(blocking -> issue(approved, blocking, task))
            .invoke(steps::putAll)
            .replaceWith(steps);
  }

  private Uni<Map<UUID, Step>> issue(
      List<InvoiceEntity> approved, Map<UUID, List<Finding>> blocking, Task task) {
    Map<UUID, Step> steps = new HashMap<>();
    List<InvoiceEntity> clear = new ArrayList<>();
    for (InvoiceEntity e : approved) {
      List<Finding> open = blocking.get(e.accountId);
      if (open == null) {
        clear.add(e);
      } else {
        RuntimeException refusal = Checklists.refusal(e.accountId, task.month(), open);
        steps.put(e.accountId, blocked(e.accountId, task.month(), refusal));
      }
    }
    return clear.isEmpty()
        ? Uni.createFrom().item(steps)
        : service
            .issueClear(clear, task.by())
            .invoke(refused -> clear.forEach(e -> steps.put(e.accountId, issued(e, refused, task))))
            .replaceWith(steps);
  }

  private static Step issued(InvoiceEntity e, Map<UUID, RuntimeException> refused, Task task) {
    RuntimeException why = refused.get(e.accountId);
    return why == null ? Step.at(AccountStanding.ISSUED) : blocked(e.accountId, task.month(), why);
  }

  private Uni<Map<UUID, Step>> draft(Task task) {
    return rating
        .rate(task.accounts(), task.month())
        .chain(
            outcomes -> {
              Map<UUID, Step> steps = new HashMap<>();
              List<Rated> rated = new ArrayList<>();
              outcomes.forEach(
                  (id, outcome) -> {
                    switch (outcome) {
                      case Outcome.Refused refused ->
                          steps.put(id, blocked(id, task.month(), refused.why()));
                      case Outcome.Done done when done.rated().isEmpty() ->
                          steps.put(id, Step.at(AccountStanding.NOTHING_TO_BILL));
                      case Outcome.Done done -> rated.add(done.rated());
                    }
                  });
              return rated.isEmpty()
                  ? Uni.createFrom().item(steps)
                  : write(rated, task).invoke(steps::putAll).replaceWith(steps);
            });
  }

  private Uni<Map<UUID, Step>> write(List<Rated> rated, Task task) {
    return service
        .insert(rated, task.by())
        .chain(
            written -> {
              Map<UUID, Step> steps = new HashMap<>();
              written.drafts().forEach(e -> steps.put(e.accountId, Step.at(AccountStanding.DRAFT)));
              return again(written.refused(), task).invoke(steps::putAll).replaceWith(steps);
            });
  }

  /** Those that changed or were drafted by somebody else meanwhile, one by one. */
  private Uni<Map<UUID, Step>> again(Map<UUID, RuntimeException> refused, Task task) {
    Map<UUID, Step> steps = new HashMap<>();
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Account account : task.accounts()) {
      RuntimeException why = refused.get(account.id());
      if (why != null && task.tries() > 0) {
        done =
            done.chain(() -> advance(task.alone(account))).invoke(steps::putAll).replaceWithVoid();
      } else if (why != null) {
        steps.put(account.id(), blocked(account.id(), task.month(), why));
      }
    }
    return done.replaceWith(steps);
  }

  /** What fails for all is tried for each, so that only those are blocked that it fails for. */
  private Uni<Map<UUID, Step>> eachAlone(Task task, Throwable failure) {
    if (task.accounts().size() == 1) {
      UUID id = task.accounts().getFirst().id();
      return Uni.createFrom().item(Map.of(id, blocked(id, task.month(), failure)));
    }
    Map<UUID, Step> steps = new HashMap<>();
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Account account : task.accounts()) {
      done = done.chain(() -> advance(task.alone(account))).invoke(steps::putAll).replaceWithVoid();
    }
    return done.replaceWith(steps);
  }

  private static Step blocked(UUID account, BillingMonth month, Throwable failure) {
    if (failure instanceof ProblemException problem) {
      return new Step(AccountStanding.BLOCKED, problem.type() + ": " + problem.detail());
    }
    LOG.errorf(failure, "%s of account %s cannot be closed", month, account);
    return new Step(
        AccountStanding.BLOCKED, Objects.toString(failure.getMessage(), "an unexpected failure"));
  }
}
