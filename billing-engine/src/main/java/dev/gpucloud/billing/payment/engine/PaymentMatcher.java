package dev.gpucloud.billing.payment.engine;

import dev.gpucloud.billing.payment.engine.PaymentMatch.Matched;
import dev.gpucloud.billing.payment.engine.PaymentMatch.Open;
import dev.gpucloud.billing.payment.engine.PaymentMatch.Part;
import dev.gpucloud.billing.payment.engine.PaymentMatch.Reason;
import dev.gpucloud.billing.payment.engine.PaymentMatch.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the invoices that a receipt pays. It never guesses: where more than one reading is possible
 * a person decides. The order in which invoices are given is irrelevant.
 */
public final class PaymentMatcher {
  private static final Pattern NUMBER =
      Pattern.compile("(?<![0-9])([0-9]{4}-[0-9]{2}-[0-9]{6})(?![0-9])");
  private static final Pattern BUSINESS_NUMBER =
      Pattern.compile("(?<![0-9-])([0-9]{3}-?[0-9]{2}-?[0-9]{5})(?![0-9-])");

  /** Ways to write that a name is a company's, which banks add, drop and abbreviate. */
  private static final Pattern COMPANY_FORM =
      Pattern.compile("주식회사|유한회사|\\(주\\)|㈜|\\(유\\)|co\\.?,? ?ltd\\.?|inc\\.?|corp(oration|\\.)?");

  private static final Comparator<OpenInvoice> OLDEST_FIRST =
      Comparator.comparing(OpenInvoice::dueOn).thenComparing(OpenInvoice::number);

  private PaymentMatcher() {}

  /** What the receipt pays of the open invoices. */
  public static PaymentMatch match(Receipt receipt, List<OpenInvoice> open) {
    String text = receipt.payer() + " " + receipt.reference();
    Set<String> numbers = found(NUMBER, text);
    if (!numbers.isEmpty()) {
      List<OpenInvoice> named = open.stream().filter(i -> numbers.contains(i.number())).toList();
      return named.size() == numbers.size()
          ? spread(receipt.amountKrw(), named, Rule.INVOICE_NUMBER)
          : new Open(Reason.INVOICE_NOT_OPEN);
    }
    List<OpenInvoice> owed = owedBy(receipt, text, open);
    if (owed.isEmpty()) {
      return new Open(Reason.UNKNOWN_PAYER);
    }
    if (owed.stream().map(i -> digits(i.businessNumber())).distinct().count() > 1) {
      return new Open(Reason.SEVERAL_PAYERS);
    }
    return exact(receipt.amountKrw(), owed);
  }

  private static PaymentMatch exact(long amount, List<OpenInvoice> owed) {
    List<OpenInvoice> same = owed.stream().filter(i -> i.openKrw() == amount).toList();
    if (same.size() == 1) {
      return spread(amount, same, Rule.EXACT_INVOICE);
    }
    if (same.size() > 1) {
      return new Open(Reason.SEVERAL_INVOICES);
    }
    return owed.stream().mapToLong(OpenInvoice::openKrw).sum() == amount
        ? spread(amount, owed, Rule.EXACT_TOTAL)
        : new Open(Reason.OTHER_AMOUNT);
  }

  /** The oldest is paid first; what is more than all of them is left over. */
  private static PaymentMatch spread(long amount, List<OpenInvoice> invoices, Rule by) {
    List<Part> parts = new ArrayList<>();
    long rest = amount;
    for (OpenInvoice invoice : invoices.stream().sorted(OLDEST_FIRST).toList()) {
      long part = Math.min(rest, invoice.openKrw());
      if (part > 0) {
        parts.add(new Part(invoice.id(), part));
        rest -= part;
      }
    }
    return new Matched(List.copyOf(parts), rest, by);
  }

  private static List<OpenInvoice> owedBy(Receipt receipt, String text, List<OpenInvoice> open) {
    Set<String> numbers =
        found(BUSINESS_NUMBER, text).stream()
            .map(PaymentMatcher::digits)
            .collect(Collectors.toSet());
    if (!numbers.isEmpty()) {
      List<OpenInvoice> byNumber =
          open.stream().filter(i -> numbers.contains(digits(i.businessNumber()))).toList();
      if (!byNumber.isEmpty()) {
        return byNumber;
      }
    }
    String payer = plain(receipt.payer());
    return payer.isEmpty()
        ? List.of()
        : open.stream().filter(i -> plain(i.name()).equals(payer)).toList();
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> all = new LinkedHashSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      all.add(matcher.group(1));
    }
    return all;
  }

  private static String digits(String number) {
    return number.replace("-", "");
  }

  /** A name without case, spaces, punctuation and the form of the company. */
  private static String plain(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return COMPANY_FORM.matcher(lower).replaceAll("").replaceAll("[\\s.,·()]+", "");
  }
}
