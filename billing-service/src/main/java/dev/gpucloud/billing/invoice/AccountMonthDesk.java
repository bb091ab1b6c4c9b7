package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.engine.AccountStanding;
import dev.gpucloud.billing.invoice.DraftService.AccountMonth;
import dev.gpucloud.billing.invoice.DraftService.Rated;
import dev.gpucloud.billing.invoice.InvoiceRepository.By;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings an account's month as far as it comes without a person: drafts what has no invoice, issues
 * what is approved. Doing it again changes nothing.
 */
@ApplicationScoped
public class AccountMonthDesk {
  private static final Logger LOG = Logger.getLogger(AccountMonthDesk.class);

  private final Transactions transactions;
  private final InvoiceRepository invoices;
  private final DraftService drafts;
  private final InvoiceService service;

  AccountMonthDesk(
      Transactions transactions,
      InvoiceRepository invoices,
      DraftService drafts,
      InvoiceService service) {
    this.transactions = transactions;
    this.invoices = invoices;
    this.drafts = drafts;
    this.service = service;
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
   * Completes with where the account stands now; what refuses it is the reason, never a failure.
   */
  public Uni<Step> advance(Account account, BillingMonth month, Who who) {
    var of = new AccountMonth(account, month);
    var by = new By(who.subject(), who.name());
    return transactions
        .asPlatform(s -> invoices.findOf(s, account.id(), month.toString()))
        .chain(
            found ->
                found.isEmpty()
                    ? draft(of, by)
                    : found.get().state.equals("APPROVED")
                        ? issue(found.get(), by)
                        : step(AccountStanding.valueOf(found.get().state)))
        .onFailure()
        .recoverWithItem(failure -> blocked(of, failure));
  }

  private static Uni<Step> step(AccountStanding standing) {
    return Uni.createFrom().item(Step.at(standing));
  }

  private Uni<Step> draft(AccountMonth of, By by) {
    return drafts
        .rate(of)
        .chain(
            rated ->
                isEmpty(rated)
                    ? step(AccountStanding.NOTHING_TO_BILL)
                    : service.insert(rated, by).replaceWith(Step.at(AccountStanding.DRAFT)));
  }

  private static boolean isEmpty(Rated rated) {
    return rated.statement().lines().isEmpty() && rated.late().all().isEmpty();
  }

  private Uni<Step> issue(InvoiceEntity e, By by) {
    return service.issue(e, by).replaceWith(Step.at(AccountStanding.ISSUED));
  }

  private static Step blocked(AccountMonth of, Throwable failure) {
    if (failure instanceof ProblemException problem) {
      return new Step(AccountStanding.BLOCKED, problem.type() + ": " + problem.detail());
    }
    LOG.errorf(failure, "%s of account %s cannot be closed", of.month(), of.account().id());
    return new Step(
        AccountStanding.BLOCKED, Objects.toString(failure.getMessage(), "an unexpected failure"));
  }
}
