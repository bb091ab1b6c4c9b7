package dev.gpucloud.billing.statement.engine;

import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tenant's usage that is over, rated while its month goes on: the rows of runs that have ended,
 * and what they come to. Whatever is charged row by row, or by the month's quantity, has none.
 *
 * @param rows in the order of their lines
 */
public record DayBook(List<BookedUsage> usage, List<Part> rows) {
  private record Key(ProjectId project, String sku, String version, Rational price) {
    static Key of(Part part) {
      return new Key(
          part.row().scope().projectId(),
          part.row().price().sku(),
          part.row().price().lineVersion(),
          part.unitPriceKrwPerHour());
    }
  }

  /** What is summed for a key. */
  private static final class Sum {
    private long unitMillis;
    private final List<LastUse> last = new ArrayList<>(1);

    void add(Part part) {
      unitMillis =
          Math.addExact(
              unitMillis, Math.multiplyExact(part.row().billedMillis(), (long) part.row().units()));
      LastUse use = LastUse.of(part.row());
      if (last.isEmpty()) {
        last.add(use);
      } else if (last.getFirst().compareTo(use) < 0) {
        last.set(0, use);
      }
    }
  }

  /**
   * The book of runs that a statement was made of; empty when something had no price, or when a
   * row's amount depends on others: by tiers, a commitment, a grant or a credit.
   */
  public static Optional<DayBook> of(Statement statement, PriceBasis basis) {
    boolean isPlain =
        statement.unpriced().isEmpty()
            && statement.parts().stream().allMatch(DayBook::isPlain)
            && statement.parts().stream()
                .map(part -> new Priced(part.row().scope().tenantId(), part.row().price().sku()))
                .distinct()
                .noneMatch(each -> basis.hasTiers(each.tenant(), each.sku()));
    return isPlain ? Optional.of(book(statement)) : Optional.empty();
  }

  private record Priced(TenantId tenant, String sku) {}

  private static boolean isPlain(Part part) {
    return part.category() == LineCategory.USAGE
        && !part.isCovered()
        && part.share().equals(Rational.ONE)
        && part.burns().isEmpty();
  }

  private static DayBook book(Statement statement) {
    List<Part> rows =
        statement.lines().stream()
            .filter(line -> line.key().category() == LineCategory.USAGE)
            .flatMap(line -> line.parts().stream())
            .toList();
    Map<Key, Sum> sums = new LinkedHashMap<>();
    rows.forEach(part -> sums.computeIfAbsent(Key.of(part), key -> new Sum()).add(part));
    return new DayBook(
        sums.entrySet().stream()
            .map(
                each ->
                    new BookedUsage(
                        each.getKey().project(),
                        each.getKey().sku(),
                        each.getKey().version(),
                        each.getKey().price(),
                        each.getValue().unitMillis,
                        each.getValue().last.getFirst()))
            .toList(),
        rows);
  }

  /** Whether an account's months may rest on books: nothing is charged row by row. */
  public static boolean isEnoughFor(AccountTerms account) {
    return account.usageCommitments().isEmpty()
        && account.grantShares().isEmpty()
        && account.credits().isEmpty();
  }
}
