package dev.gpucloud.tenant.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tenants of one business number are one legal entity: they have one billing account of one billing
 * mode, and its invoices. So nobody gets the number of another tenant by mistake: who asks for it
 * names a holder, unless one stands above the other in the tree, which says the same.
 */
public final class SharedAccounts {
  private final TenantTree tree;
  private final Map<String, Holder> holders;
  private final Map<String, Asked> asked;

  /**
   * @param holders the tenants that have a number and are not closed, as they are to be, by slug
   * @param asked what is asked for, by the slug of the tenant
   */
  public SharedAccounts(TenantTree tree, Map<String, Holder> holders, Map<String, Asked> asked) {
    this.tree = tree;
    this.holders = Map.copyOf(holders);
    this.asked = Map.copyOf(asked);
  }

  /** A tenant with a business number. */
  public record Holder(String number, @Nullable BillingMode mode) {}

  /**
   * What is asked for a tenant at a JSON pointer: whether its number is new to it, or else only its
   * billing mode, and which tenant it says to be one company with.
   */
  public record Asked(String at, boolean isNewNumber, @Nullable String sharesAccountWith) {}

  /** Adds what is wrong with a tenant that asks for a number or a billing mode. */
  public void check(String slug, Violations violations) {
    Asked wish = asked.get(slug);
    if (wish == null) {
      return;
    }
    List<String> others = others(slug);
    if (wish.isNewNumber()) {
      checkShared(slug, wish, others, violations);
    }
    checkMode(slug, wish, others, violations);
  }

  /** Who else has its number. */
  private List<String> others(String slug) {
    Holder own = holders.get(slug);
    return own == null
        ? List.of()
        : holders.keySet().stream()
            .filter(other -> !other.equals(slug))
            .filter(other -> holders.get(other).number().equals(own.number()))
            .sorted()
            .toList();
  }

  private void checkShared(String slug, Asked wish, List<String> others, Violations violations) {
    String named = wish.sharesAccountWith();
    String pointer = wish.at() + "/sharesAccountWith";
    String number = holders.containsKey(slug) ? holders.get(slug).number() : null;
    if (named != null && !others.contains(named)) {
      violations.add(
          pointer,
          number == null
              ? "there is no business number to share"
              : "'%s' is no open tenant of business number %s; %s"
                  .formatted(named, number, others.isEmpty() ? "nobody is" : these(others)));
    } else if (!others.isEmpty()
        && others.stream().noneMatch(other -> isOneCompany(slug, wish, other))) {
      violations.add(
          pointer,
          "business number %s is that of %s: all would have one billing account and its invoices; name one of them if they are one company"
              .formatted(number, String.join(", ", others)));
    }
  }

  private static String these(List<String> others) {
    return String.join(", ", others) + (others.size() == 1 ? " is" : " are");
  }

  private boolean isOneCompany(String slug, Asked wish, String other) {
    Asked ofOther = asked.get(other);
    return other.equals(wish.sharesAccountWith())
        || ofOther != null && slug.equals(ofOther.sharesAccountWith())
        || tree.ancestors(slug).contains(other)
        || tree.ancestors(other).contains(slug);
  }

  private void checkMode(String slug, Asked wish, List<String> others, Violations violations) {
    Holder own = holders.get(slug);
    BillingMode mode = own == null ? null : own.mode();
    if (mode == null) {
      return;
    }
    for (String other : others) {
      BillingMode theirs = holders.get(other).mode();
      if (theirs != null && theirs != mode) {
        violations.add(
            wish.at() + "/billingMode",
            "%s is billed as %s; tenants of business number %s have one billing account, which has one billing mode"
                .formatted(other, theirs, own.number()));
      }
    }
  }
}
