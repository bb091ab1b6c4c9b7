package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.rating.engine.CreditGrant;
import dev.gpucloud.billing.statement.engine.AccountCredit;
import dev.gpucloud.billing.statement.engine.PrepaidCredit;
import dev.gpucloud.billing.statement.engine.Term;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.time.BillingMonth;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Promotional and prepaid credit of one account, with the balances that a month begins with: less
 * what earlier months took, and nothing of what lapsed before.
 */
final class CreditFields {
  private final Names names;
  private final BillingMonth month;
  private final AccountIndex index;
  private final Set<TenantId> own;
  private final @Nullable Instant closedAt;
  private int creditCount;

  /**
   * @param closedAt when the month was closed, if it was
   */
  CreditFields(
      Names names,
      BillingMonth month,
      @Nullable Instant closedAt,
      AccountIndex index,
      Set<TenantId> own) {
    this.names = names;
    this.month = month;
    this.closedAt = closedAt;
    this.index = index;
    this.own = own;
  }

  /**
   * Null of one that was granted after the month was closed: it does not reach back. A month that
   * took of it all the same had it, whatever two clocks of a trial say.
   */
  @Nullable AccountCredit credit(Fields f) {
    String id = f.text("id");
    index.credit(f, id, names.id("credit", id));
    Rational left = f.amount("amountKrw");
    var months = new Once();
    boolean took = false;
    for (Fields burn : f.list("burns")) {
      boolean earlier = isEarlier(burn, months);
      took |= burn.month("month").equals(month);
      Rational amount = burn.amount("amount");
      left = earlier ? left.subtract(amount) : left;
      burn.end();
    }
    if (left.signum() < 0) {
      f.wrong("burns", "are more than the credit has");
    }
    Term valid = TermFields.of(f, "validFrom", "expiresAt");
    Instant granted = f.startOrNull("grantedAt");
    boolean later = closedAt != null && granted != null && granted.isAfter(closedAt);
    var grant =
        new CreditGrant(
            names.credit(id, creditCount++),
            Objects.requireNonNullElse(f.textOrNull("name"), id),
            f.integer("priority", 0),
            valid.from(),
            valid.until(),
            granted == null ? valid.from() : granted,
            hasLapsed(valid) ? Rational.ZERO : left);
    TenantId tenant = tenantOf(f);
    return later && !took ? null : new AccountCredit(tenant, grant);
  }

  /** Whether it is of a month before the one that is rated. */
  private boolean isEarlier(Fields taken, Once months) {
    BillingMonth of = taken.month("month");
    if (of.start().isAfter(Instant.EPOCH)) {
      months.month(taken, of);
    }
    return of.start().isBefore(month.start());
  }

  /** What lapsed in an earlier month is breakage of that month. */
  private boolean hasLapsed(Term valid) {
    return valid.until() != null && !valid.until().isAfter(month.start());
  }

  /** The tenant that alone may use a credit; checked when all tenants are known. */
  private @Nullable TenantId tenantOf(Fields f) {
    String id = f.textOrNull("tenantId");
    String slug = f.textOrNull("tenant");
    f.end();
    if (id == null && slug == null) {
      return null;
    }
    TenantId tenant = names.tenant(id, slug);
    if (tenant == null || !own.contains(tenant)) {
      f.wrong(slug == null ? "tenantId" : "tenant", "is no tenant of the account");
    }
    return tenant;
  }

  PrepaidCredit prepaid(Fields f) {
    String id = f.text("id");
    index.credit(f, id, names.id("prepaid credit", id));
    Term valid = TermFields.of(f, "validFrom", "expiresAt");
    Instant paid = f.startOrNull("paidAt");
    Won left = f.won("balanceKrw");
    var months = new Once();
    for (Fields payment : f.list("payments")) {
      boolean earlier = isEarlier(payment, months);
      Won amount = payment.won("amountKrw");
      left = earlier ? left.minus(amount) : left;
      payment.end();
    }
    if (left.amount() < 0) {
      f.wrong("payments", "are more than the balance");
      left = Won.ZERO;
    }
    var prepaid =
        new PrepaidCredit(
            id,
            f.integer("priority", 0),
            valid.from(),
            valid.until(),
            paid == null ? valid.from() : paid,
            hasLapsed(valid) ? Won.ZERO : left);
    f.end();
    return prepaid;
  }
}
